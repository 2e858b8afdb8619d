import { idle } from '../tools/testing/soak/idle.ts';
import { type SoakResult, soak } from '../tools/testing/soak/soak.ts';
import { machine, machineLine } from './measure/machine.ts';

const DEFAULTS = { minutes: 10, clients: 100, idle: 1000 };
const COMMANDERS = 10;
/** From the second third of the time to the last: more is growth. */
const FLAT = { part: 0.1, mib: 16 };

function options(argv: readonly string[]): typeof DEFAULTS {
  const given = { ...DEFAULTS };
  for (let at = 0; at < argv.length; at += 2) {
    const name = argv[at]?.replace('--', '') ?? '';
    const value = Number(argv[at + 1]);
    if (!(name in given) || !Number.isFinite(value) || value < 0)
      throw new Error('npm run soak -- [--minutes N] [--clients N] [--idle N]');
    given[name as keyof typeof DEFAULTS] = value;
  }
  return given;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Says what came of it. @returns whether all held */
function report(result: SoakResult): boolean {
  const { counts, memory, handles } = result;
  const { second, last } = memory.thirds;
  const flat = last - second <= Math.max(FLAT.mib, second * FLAT.part);
  say('');
  say(
    `to each client   ${result.events} events, ${result.mib.toFixed(1)} MiB of text, ${result.lines} lines of the target; ${result.commands} commands`,
  );
  say(
    `clients          ${counts.joined} joined, ${counts.left} left, ${counts.stalled} stalled and went on, ${counts.cut} links cut (${counts.silenced} of them silent before), ${counts.resumed} resumed`,
  );
  say(
    `bytes            ${result.faults.length === 0 ? "every client's equal the reference's" : 'NOT EQUAL'}`,
  );
  say(
    `server's memory  ${second.toFixed(0)} MiB in the second third, ${last.toFixed(0)} MiB in the last (${memory.slope.toFixed(0)} MiB an hour): ${flat ? 'flat' : 'GROWS'}`,
  );
  say(`file handles     ${handles.before} before, ${handles.after} after`);
  say(`delivery         ${result.delivery.text}`);
  say(`commands         ${result.answers.text}`);
  for (const fault of result.faults) say(`FAULT            ${fault}`);
  return flat && result.faults.length === 0;
}

/** `npm run soak`. @returns the exit status: 1 when something did not hold */
export async function main(argv: readonly string[]): Promise<number> {
  const { minutes, clients, idle: idlers } = options(argv);
  say(machineLine(machine(process.env.HAWSER_ELECTRON ?? '')));
  const held = report(await soak({ seconds: minutes * 60, clients, commanders: COMMANDERS, say }));
  if (idlers > 0) {
    const { kibPerClient, handlesPerClient, cpu } = await idle(idlers);
    say(
      `idle clients     ${idlers}: ${kibPerClient.toFixed(1)} KiB and ${handlesPerClient.toFixed(2)} file handles each; ${cpu.toFixed(0)} ms of processor time a second for all`,
    );
  }
  return held ? 0 : 1;
}
