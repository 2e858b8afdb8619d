import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsoleProcess } from '../testing/console-process.ts';
import { alive, Hosting, ownFolders } from '../testing/hosting.ts';
import { ticker } from '../testing/programs.ts';

let folders: Awaited<ReturnType<typeof ownFolders>>;
const made: { close(): unknown }[] = [];
beforeEach(async () => {
  folders = await ownFolders();
});
afterEach(async () => {
  for (const each of made.splice(0)) await each.close();
  await expect.poll(endTargets).toBe(0);
  await folders.remove();
});

/** Programs that were let go run on, as they should; who tests that ends them. @returns how many there were */
function endTargets(): number {
  const ours = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isTarget(pid));
  for (const pid of ours) process.kill(Number(pid), 'SIGKILL');
  return ours.length;
}

function isTarget(pid: string): boolean {
  try {
    const mark = `HAWSER_TEST_FILE=${process.env.HAWSER_TEST_FILE}\0`;
    return (
      readlinkSync(`/proc/${pid}/exe`) === ticker() &&
      readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
    );
  } catch {
    return false;
  }
}

async function host(...args: Parameters<typeof Hosting.start>): Promise<Hosting> {
  const hosting = await Hosting.start(...args);
  made.push(hosting);
  return hosting;
}

/** A session elsewhere, for a `-remote`. */
async function server(program: string): Promise<{ console: ConsoleProcess; connection: string }> {
  const console = new ConsoleProcess(['cdb', '-server', 'tcp:port=0,bind=127.0.0.1', program]);
  made.push({ close: () => console.kill() });
  const [, port] = await console.see(/tcp:Port=(\d+)/);
  return { console, connection: `tcp:server=127.0.0.1,port=${port}` };
}

/** In every run the first of them; hub/agent/ending.test.ts tells all of them apart. */
const some = (ways: readonly string[]) => ways.slice(0, process.env.HAWSER_FULL ? ways.length : 1);

/** Waits for the prompt behind what has come so far. */
const prompt = (hosting: Hosting) => hosting.see(/0:000> $/);

describe('a hosted cdb', () => {
  it('takes the host’s commands, and records them with what comes of them', async () => {
    const hosting = await host('cdb', ticker());
    await prompt(hosting);
    await hosting.type('? 1+1');
    await hosting.see(/\n0:000> \? 1\+1\nEvaluate expression: 2 = 00000000`00000002\n0:000> $/);
    expect(hosting.commands).toEqual(['? 1+1']);
    expect(hosting.notices[0]).toMatch(/^Hosted session started: cdb /);
    // Plain text: windows of all kinds show it.
    expect(hosting.text).not.toContain('\x1b');
    expect(hosting.text).not.toContain('BUSY');
    // It is broken into while the program runs.
    await hosting.type('g');
    await hosting.see(/ticker starts/);
    await hosting.view.order({ type: 'break' });
    await hosting.see(/Break instruction[\s\S]*0:000> $/);
    await hosting.type('? ticks > 0');
    await hosting.see(/= 00000000`00000001\n0:000> $/);
    await hosting.type('q');
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'exit status 0' });
    expect(hosting.notices.at(-1)).toBe('Session terminated: the debugger ended (exit status 0).');
    expect(hosting.failures).toEqual([]);
  });

  it('keeps the password of its connection to itself', async () => {
    const console = new ConsoleProcess([
      'cdb',
      '-server',
      'tcp:port=0,bind=127.0.0.1,password=Fathom7',
      ticker(),
    ]);
    made.push({ close: () => console.kill() });
    const [, port] = await console.see(/tcp:Port=(\d+)/);
    const hosting = await host('cdb', `–remote tcp:server=127.0.0.1,port=${port},password=Fathom7`);
    await prompt(hosting);
    const agent = await hosting.agent();
    expect(agent?.command).not.toContain('Fathom7');
    expect(JSON.stringify(hosting.entries)).not.toContain('Fathom7');
    for (const pid of [agent?.pid, agent?.debugger])
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('Fathom7');
  });
});

describe('a hosted session ends', () => {
  /** What of the session elsewhere is left. */
  const leaving: [how: string, end: (hosting: Hosting) => Promise<unknown>, by: string, detail: string][] = [
    [
      'Terminate Session',
      (h) => h.connection.request('session/terminate', { session: h.hosted.session.id }),
      'menu',
      '',
    ],
    ['CTRL+B', (h) => h.view.order({ type: 'leave' }), 'command', 'CTRL+B'],
    ['CTRL+B, typed', (h) => h.type('\x02'), 'command', 'CTRL+B'],
    ['.remote_exit', (h) => h.type('.remote_exit'), 'command', '.remote_exit'],
  ];
  it(`by ${leaving.map(([how]) => how).join('; ')}: and the session elsewhere goes on`, async () => {
    const { console, connection } = await server(ticker());
    const sessions = await Promise.all(leaving.map(() => host('cdb', `-remote ${connection}`)));
    for (const [index, [, end, by, detail]] of leaving.entries()) {
      const hosting = sessions[index] as Hosting;
      await prompt(hosting);
      expect(hosting.hub.session.state).toBe('open');
      await end(hosting);
      expect(await hosting.ended()).toEqual({ by, detail });
      // It is there, its target too.
      console.type(`? 0n${100 + index}*2`);
      await console.see(new RegExp(`Evaluate expression: ${200 + index * 2} `));
    }
    // And it takes the next client.
    const next = new ConsoleProcess(['cdb', '-remote', connection]);
    made.push({ close: () => next.kill() });
    next.type('? 5+5');
    await next.see(/Evaluate expression: 10 /);
  });

  it('by .remote_exit; CTRL+B: while the program elsewhere runs, which runs on', async () => {
    const { console, connection } = await server(ticker());
    const [one, two] = await Promise.all([1, 2].map(() => host('cdb', `-remote ${connection}`)));
    if (!one || !two) throw new Error('they are not there');
    await prompt(one);
    await prompt(two);
    await one.type('g');
    await two.see(/ticker starts/);
    await one.type('.remote_exit');
    expect(await one.ended()).toEqual({ by: 'command', detail: '.remote_exit' });
    await two.view.order({ type: 'leave' });
    expect(await two.ended()).toEqual({ by: 'command', detail: 'CTRL+B' });
    expect(alive(console.child.pid ?? 0)).toBe(true);
    const before = console.stdout.length;
    console.kill('SIGINT');
    await console.see(/Break instruction/, before);
  });

  it.each(some(['qq', 'qqd', 'QQ ']))('by %s, which ends the session elsewhere as well', async (command) => {
    const { console, connection } = await server(ticker());
    const hosting = await host('cdb', `-remote ${connection}`);
    await prompt(hosting);
    await hosting.type(command);
    expect(await hosting.ended()).toEqual({ by: 'command', detail: command.trim().toLowerCase() });
    expect(hosting.commands).toEqual([command]);
    expect(await console.exited()).toBe(0);
  });

  it('by .detach, which acts on the session elsewhere first', async () => {
    const { console, connection } = await server(ticker());
    const hosting = await host('cdb', `-remote ${connection}`);
    await prompt(hosting);
    await hosting.type('.detach');
    expect(await hosting.ended()).toEqual({ by: 'command', detail: '.detach' });
    await console.see(/Detached/i);
  });

  it.each(some(['CTRL+B', '.remote_exit', 'qq', '.detach']))(
    'by %s in a debugger that has the program itself',
    async (command) => {
      const hosting = await host('cdb', ticker());
      await prompt(hosting);
      await hosting.type(command === 'CTRL+B' ? '\x02' : command);
      expect(await hosting.ended()).toEqual({ by: 'command', detail: command });
    },
  );

  it('when its debugger is killed', async () => {
    const hosting = await host('cdb', ticker());
    await prompt(hosting);
    process.kill((await hosting.agent())?.debugger ?? 0, 'SIGKILL');
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'SIGKILL' });
  });

  it.each(['cdb', 'gdb'])('for %s when its agent is killed: nobody is left at its terminal', async (name) => {
    const hosting = await host(name, name === 'gdb' ? `-q -nx "${ticker()}"` : ticker());
    await hosting.see(/(?:0:000>|\(gdb\)) $/);
    const pid = (await hosting.agent())?.debugger ?? 0;
    process.kill(hosting.hosted.pid, 'SIGKILL');
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('when its agent is stopped, which says so', async () => {
    const hosting = await host('cdb', ticker());
    await prompt(hosting);
    process.kill(hosting.hosted.pid, 'SIGTERM');
    expect(await hosting.ended()).toEqual({ by: 'agent', detail: 'SIGTERM' });
  });
});

describe('a hosted gdb', () => {
  const gdb = () => host('gdb', `-q -nx "${ticker()}"`);

  it('runs as at a terminal, without pages', async () => {
    const hosting = await gdb();
    await hosting.see(/\(gdb\) $/);
    await hosting.type('help all');
    await hosting.see(/user-defined[\s\S]*\(gdb\) $/);
    expect(hosting.text).not.toContain('RET');
    expect(hosting.text).not.toContain('\x1b');
    await hosting.type('run');
    await hosting.see(/ticker starts/);
    await hosting.view.order({ type: 'break' });
    await hosting.see(/SIGINT[\s\S]*\(gdb\) $/);
    // Words of another debugger's.
    await hosting.type('qq');
    await hosting.see(/Undefined command: "qq"/);
    await hosting.type('set confirm off');
    await hosting.type('quit');
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'exit status 0' });
  });

  it('lets go of its program when it is left', async () => {
    const hosting = await gdb();
    await hosting.see(/\(gdb\) $/);
    await hosting.type('run');
    await hosting.see(/ticker starts/);
    await hosting.view.order({ type: 'leave' });
    expect(await hosting.ended()).toEqual({ by: 'command', detail: 'CTRL+B' });
  });
});

describe('a debugger that cannot be hosted', () => {
  it('leaves no session behind, and says why', async () => {
    await expect(host('no-such-debugger', '')).rejects.toMatchObject({ code: 'DEBUGGER_NOT_FOUND' });
    const folder = join(folders.folder, 'a folder');
    mkdirSync(folder);
    await expect(host(folder, '')).rejects.toMatchObject({ code: 'DEBUGGER_UNUSABLE' });
    await expect(host('gdb', '', { folder: join(folder, 'none') })).rejects.toMatchObject({
      code: 'DEBUGGER_UNUSABLE',
    });
  });
});
