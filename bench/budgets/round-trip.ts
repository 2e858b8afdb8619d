import { type Front, remoteFront, serverProcess } from '../measure/fronts.ts';
import { PlainMi } from '../measure/mi.ts';
import { steady } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave, median, timed } from '../measure/stats.ts';

const ROUNDS = 15;
/** Commands timed one by one in each round. */
const IN_A_ROUND = 20;

const REGISTERS = [
  ...['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rip', 'rsp', 'rbp', 'r8', 'r9', 'r10', 'r11', 'r12', 'r13'],
  ...['r14', 'r15', 'eflags', 'cs', 'ss', 'ds', 'es', 'fs', 'gs', 'fs_base', 'gs_base'],
];

/** The numbers that `-data-list-register-values` wants, by name. */
async function registerNumbers(mi: PlainMi, names: readonly string[]): Promise<string> {
  const all = /register-names=\[(.*?)\]/.exec(await mi.send('-data-list-register-names'))?.[1] ?? '';
  const list = all.split(',').map((name) => name.replaceAll('"', ''));
  return names.map((name) => list.indexOf(name)).join(' ');
}

/** The registers, and of the instruction that comes next: text and bytes, function and offset, source line. */
async function registersDirectly(mi: PlainMi): Promise<() => Promise<void>> {
  const numbers = await registerNumbers(mi, REGISTERS);
  return async () => {
    await mi.send(`-data-list-register-values --thread 1 --frame 0 --skip-unavailable x ${numbers}`);
    await mi.send('-data-disassemble -s $pc -e $pc+1 -- 5');
  };
}

/** The frames; and as `k` shows each frame's stack pointer, which no other command of MI tells, one question a frame. */
async function stackDirectly(mi: PlainMi): Promise<() => Promise<void>> {
  const frames = (await mi.send('-stack-list-frames 0 255')).split('level=').length - 1;
  const pointer = await registerNumbers(mi, ['rsp']);
  return async () => {
    await mi.send('-stack-list-frames 0 255');
    for (let frame = 0; frame < frames; frame++)
      await mi.send(`-data-list-register-values --thread 1 --frame ${frame} x ${pointer}`);
  };
}

async function each(
  work: () => Promise<void>,
  before = async (): Promise<unknown> => undefined,
): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < IN_A_ROUND; count++) {
    await before();
    times.push(await timed(work));
  }
  return median(times);
}

/**
 * Not timed, and done on both sides: the session does not know the registers any more and has to ask GDB, as the
 * anchor does, and neither GDB remembers them.
 */
const FORGET = 'r rax=@rax';
const FORGET_DIRECTLY = 'set var $rax = $rax';

async function compare(
  command: string,
  front: Front,
  directly: () => Promise<void>,
  forget: () => Promise<unknown>,
  say: (line: string) => void,
  known = false,
): Promise<Row> {
  await front.run(command);
  say(`${command} printed ${front.text().length} characters`);
  const { ours, anchor, ratio } = await interleave(
    ROUNDS,
    2,
    () => each(() => front.run(command), known ? undefined : () => front.run(FORGET)),
    () => each(directly, known ? undefined : forget),
  );
  return {
    name: 'round-trip',
    what: `\`${command}\` through a tcp session${known ? ', registers known' : ''}`,
    ours: `${ours.toFixed(2)} ms`,
    anchor: `${anchor.toFixed(2)} ms`,
    ratio,
    goal: '<= 1.3, < 1 ms added',
    met: ratio <= 1.3 && ours - anchor < 1,
  };
}

export const roundTrip: Budget = {
  name: 'round-trip',
  what: '`r` and `k` through a tcp session on loopback, against GDB/MI directly',
  async run(say) {
    const server = await serverProcess(steady());
    const mi = await PlainMi.at(steady(), 'work');
    try {
      const front = await remoteFront(server);
      await front.run('g steady!work');
      const registers = await registersDirectly(mi);
      const frames = await stackDirectly(mi);
      const forget = () => mi.console(FORGET_DIRECTLY);
      const listed = await each(async () => void (await mi.send('-stack-list-frames 0 255')));
      say(`-stack-list-frames alone, without the stack pointers: ${listed.toFixed(2)} ms`);
      return [
        await compare('r', front, registers, forget, say),
        await compare('r', front, registers, forget, say, true),
        await compare('k', front, frames, forget, say),
      ];
    } finally {
      mi.end();
      await server.end();
    }
  },
};
