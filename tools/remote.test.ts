import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess, HAWSER, runConsole } from './testing/console-process.ts';
import { makeMachines, noMachines } from './testing/machines.ts';

const HOST = hostname().toUpperCase();
const TIME = String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2}:\d\d [AP]M`;
const processes: ConsoleProcess[] = [];
let directory: Record<string, string> = {};
let serial = 0;

beforeAll(async () => {
  directory = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
});

afterEach(async () => {
  for (const each of processes.splice(0)) {
    each.kill('SIGTERM');
    await each.exited();
  }
});

/** A line in colours, the end of it at least. */
const painted = (codes: string, text: string) => new RegExp(`\\u001b\\[${codes}m[^\n]*${text}\\u001b\\[0m\n`);

const newName = () => `Test ${process.pid}.${++serial}`;

function start(args: readonly string[], before: readonly string[] = [], env = {}): ConsoleProcess {
  const started = new ConsoleProcess(['remote', ...args], { ...directory, ...env }, before);
  processes.push(started);
  return started;
}

async function serve(command: string, name: string, ...options: string[]): Promise<ConsoleProcess> {
  const server = start(['/s', command, name, ...options]);
  await server.see(/To Connect: .*\n/);
  return server;
}

async function join(name: string, ...options: string[]): Promise<ConsoleProcess> {
  const client = start(['/c', 'localhost', name, ...options]);
  await client.see(/Connected\.\.\.\n/);
  return client;
}

describe('a shared shell', () => {
  it('shows everybody everything, with banners and who came and went', async () => {
    const name = newName();
    const server = await serve('sh', name);
    expect(server.stdout).toContain(
      '***********     REMOTE    ************\n***********     SERVER    ************\n',
    );
    expect(server.stdout).toContain(`To Connect: Remote /C ${HOST} "${name}"\n`);
    const [ann, bob, eve] = [await join(name), await join(name.toUpperCase()), await join(name)];
    expect(ann.stdout).toContain('***********     CLIENT    ************\n');
    await server.see(new RegExp(`(?:\\*\\*Remote: Connected to ${HOST} \\S+ \\[${TIME}\\][^]*){3}`));
    ann.type('echo "sum $((20+3))"');
    for (const window of [server, ann, bob, eve]) await window.see(/^(?:.*[$#] )?sum 23$/m);
    const label = new RegExp(`echo "sum \\$\\(\\(20\\+3\\)\\)"     \\[${HOST}       ${TIME}\\]\n`);
    for (const window of [server, bob, eve]) await window.see(label);
    expect(ann.stdout).not.toMatch(label);
    server.type('echo from "the $((1+0))st"');
    for (const window of [ann, bob, eve]) {
      await window.see(/from the 1st\n/);
      await window.see(new RegExp(`echo from .*     \\[Local       ${TIME}\\]\n`));
    }
    eve.type('@q');
    expect(await eve.exited()).toBe(0);
    expect(eve.stdout).toMatch(/\*\*\* SESSION OVER \*\*\*\n$/);
    await bob.see(new RegExp(`\\*\\*Remote:  Disconnected from ${HOST} \\S+  \\[${TIME}\\]\n`));
  });

  it('takes messages, pop-ups, help, and its end', async () => {
    const name = newName();
    const server = await serve('sh', name);
    const [ann, bob] = [await join(name), await join(name)];
    ann.type('@m look here');
    for (const window of [server, ann, bob])
      await window.see(new RegExp(`@m look here     \\[${HOST}       ${TIME}\\]\n`));
    server.type('@M all of you');
    for (const window of [ann, bob])
      await window.see(new RegExp(`@M all of you     \\[Local       ${TIME}\\]\n`));
    bob.type('@p come over');
    await ann.see(new RegExp(`From ${HOST}  \\[${TIME}\\]\n come over\n`));
    await server.see(new RegExp(String.fromCharCode(7)));
    ann.type('@h', '@k');
    await ann.see(/@Q +leaves/);
    await ann.see(/@K is for the server/);
    server.type('@h', '@k');
    await server.see(/@K +disconnects/);
    expect(await server.exited()).toBe(0);
    for (const window of [ann, bob]) {
      expect(await window.exited()).toBe(0);
      expect(window.stdout).toMatch(/\*\*\* SESSION OVER \*\*\*\n$/);
    }
  });

  it('shows who joins late as many lines as they ask for', async () => {
    const name = newName();
    const server = await serve('sh', name);
    server.type('for i in $(seq 1 500); do echo "line $i"; done; echo all of them');
    await server.see(/all of them\n/);
    const lineCount = ({ stdout }: ConsoleProcess) => stdout.match(/^(?:.*[$#] )?line \d+$/gm)?.length ?? 0;
    const ann = await join(name);
    await ann.see(/all of them\n/);
    expect(lineCount(ann)).toBeGreaterThan(190);
    expect(lineCount(ann)).toBeLessThan(201);
    const bob = await join(name, '/l', '20');
    await bob.see(/all of them\n/);
    expect(lineCount(bob)).toBeLessThan(21);
    const all = await join(name, '/l', '1000');
    await all.see(/all of them\n/);
    expect(lineCount(all)).toBe(500);
  });

  it('ends with its program, whose status it returns', async () => {
    const name = newName();
    const server = await serve('sh', name);
    const ann = await join(name);
    ann.type('exit 7');
    expect(await server.exited()).toBe(7);
    expect(await ann.exited()).toBe(0);
  });
});

it('shares gdb, and a name only once', async () => {
  const name = newName();
  await serve('gdb -q --nx', name);
  const [ann, bob, eve] = [await join(name), await join(name), await join(name)];
  ann.type('print 6*7');
  for (const window of [ann, bob, eve]) await window.see(/\$1 = 42\n/);
  const second = await runConsole(['remote', '/s', 'sh', name.toLowerCase()], [], directory);
  expect(second).toMatchObject({ status: 1 });
  expect(second.stderr).toContain(
    `There is a session called "${name.toLowerCase()}" on this machine already.`,
  );
  bob.type('quit');
  for (const window of [ann, bob, eve]) expect(await window.exited()).toBe(0);
});

it('lists debuggers, and others when asked to', async () => {
  const query = () => runConsole(['remote', '/q', 'localhost'], [], directory);
  expect((await query()).stdout).toBe(
    'Querying server \\\\localhost\nNo Remote servers running on \\\\localhost\n',
  );
  const [plain, shown, hidden, debug] = [newName(), newName(), newName(), newName()];
  await serve('sh', plain);
  expect((await query()).stdout).toBe(
    'Querying server \\\\localhost\nNo visible sessions on server \\\\localhost\n',
  );
  await serve('cat', shown, '/v');
  await serve('cat cdb', hidden, '/-v');
  await serve('cat - gdb', debug);
  const { stdout } = await query();
  expect(stdout).toContain('Visible sessions on server LOCALHOST:\n');
  expect(stdout).toContain(`${'cat'.padEnd(32)}[Remote /C LOCALHOST "${shown.toLowerCase()}"] visible\n`);
  expect(stdout).toContain(
    `${'cat - gdb'.padEnd(32)}[Remote /C LOCALHOST "${debug.toLowerCase()}"] visible\n`,
  );
  expect(stdout).not.toContain(plain.toLowerCase());
  expect(stdout).not.toContain(hidden.toLowerCase());
});

it('colours text, and lines by the words in them', async () => {
  const folder = mkdtempSync(joinPath(tmpdir(), 'hawser-colors-'));
  const file = joinPath(folder, 'colors');
  writeFileSync(file, 'Error\nlred, black\n\nall is well\ngreen\n');
  try {
    const name = newName();
    await serve('sh', name);
    const ann = await join(name, '/f', 'cyan', '/b', 'LBlue', '/k', file);
    ann.type('echo "one eRRor"; echo "All is well"; echo plain');
    await ann.see(painted('91;40', 'one eRRor'));
    await ann.see(painted('32', 'All is well'));
    await ann.see(painted('36;104', 'plain'));
    writeFileSync(file, 'Error\nlread\n');
    const wrong = await runConsole(['remote', '/c', 'localhost', name, '/k', file]);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toContain(`${file}, line 2: after 'Error' must come a colour, not 'lread'.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Another user of this machine, and why the tests cannot be one. */
const other = { name: 'daemon', before: ['setpriv', '--reuid=daemon', '--regid=daemon', '--clear-groups'] };
function noOther(): string | null {
  if (process.getuid?.() !== 0) return 'being another user takes root';
  try {
    execFileSync(
      'setpriv',
      [
        ...other.before.slice(1),
        process.execPath,
        '-e',
        `require("fs").accessSync(${JSON.stringify(HAWSER)})`,
      ],
      {
        stdio: 'ignore',
      },
    );
    return null;
  } catch {
    return `the user ${other.name} cannot read this checkout`;
  }
}

describe('other users', () => {
  const reason = noOther();
  it.skipIf(reason !== null)(
    `come in when they are named, and not otherwise${reason ? ` (${reason})` : ''}`,
    async () => {
      const mine = newName();
      await serve('sh', mine);
      const away = { ...directory, HOME: '/tmp', XDG_RUNTIME_DIR: '' };
      const refused = await runConsole(['remote', '/c', 'localhost', mine], [], away, other.before);
      expect(refused).toMatchObject({ status: 1 });
      expect(refused.stderr).toContain(
        `There is no session called "${mine}" on localhost that you may join.`,
      );
      const shared = newName();
      const server = await serve('sh', shared, '/u', 'root', other.name);
      expect(server.stdout).toContain(
        `Protected Server!  Only the following users or groups can connect:\n    root\n    ${other.name}\n`,
      );
      const guest = start(['/c', 'localhost', shared], other.before, away);
      await guest.see(/Connected\.\.\.\n/);
      await server.see(new RegExp(`Connected to ${HOST} ${other.name} \\[`));
      guest.type('echo "I am $((0+1)) guest"');
      await server.see(/I am 1 guest\n/);
      const others = newName();
      await serve('sh', others, '/u', 'root', '/u', 'nobody');
      const kept = await runConsole(['remote', '/c', 'localhost', others], [], away, other.before);
      expect(kept).toMatchObject({ status: 1 });
    },
  );

  it('are warned about where everybody may come, and the creator must be among them', async () => {
    const open = start(['/s', 'sh', newName(), '/u', 'Everyone']);
    await open.see(/To Connect/);
    expect(open.stdout).toContain('WARNING: every user of this machine can join this session');
    const without = await runConsole(['remote', '/s', 'sh', newName(), '/u', 'nobody']);
    expect(without).toMatchObject({ status: 1 });
    expect(without.stderr).toContain('are not among those who may connect, so the session was not created.');
    const unknown = await runConsole(['remote', '/s', 'sh', newName(), '/u', 'no-such-user-here']);
    expect(unknown.stderr).toContain("This machine knows no user or group called 'no-such-user-here'.");
  });
});

describe('from another machine', () => {
  const impossible = noMachines();
  it('takes a password or a certificate, and the machine’s directory introduces', async (context) => {
    if (impossible !== null) return context.skip(impossible);
    const machines = makeMachines();
    const { birch, rowan } = machines;
    try {
      const [open, shut] = [newName(), newName()];
      const words = (what: string, name: string) => ['/s', 'sh', name, what];
      const guarded = start(words('/v', shut), birch.inside, { HAWSER_PASSWORD: 'abc' });
      await guarded.see(/To Connect/);
      const plain = start(words('/v', open), birch.inside);
      await plain.see(/To Connect/);
      const hidden = newName();
      const unseen = start(words('/-v', hidden), birch.inside, { HAWSER_PASSWORD: 'abc' });
      await unseen.see(/To Connect/);
      const query = await runConsole(['remote', '/q', '\\\\birch'], [], directory, rowan.inside);
      expect(query.stdout).toContain('Querying server \\\\birch\n');
      expect(query.stdout).toContain(`[Remote /C BIRCH "${shut.toLowerCase()}"] visible`);
      expect(query.stdout).not.toContain(open.toLowerCase());
      expect(query.stdout).not.toContain(hidden.toLowerCase());
      for (const name of [shut, hidden]) {
        const ann = start(['/c', 'birch', name], rowan.inside, { HAWSER_PASSWORD: 'abc' });
        await ann.see(/Connected\.\.\.\n/);
        ann.type('echo "there are $((1+1)) of us"');
        await (name === shut ? guarded : unseen).see(/there are 2 of us\n/);
      }
      const keys = { ...directory, XDG_DATA_HOME: mkdtempSync(joinPath(tmpdir(), 'hawser-keys-')) };
      onTestFinished(() => rmSync(keys.XDG_DATA_HOME, { recursive: true }));
      for (const subject of ['lab', 'other']) await runConsole(['certs', 'create', subject], [], keys);
      const sealed = newName();
      const holder = start(['/s', 'sh', sealed, '/certuser', 'lab'], birch.inside, keys);
      await holder.see(/To Connect/);
      const bob = start(['/c', 'birch', sealed, '/certuser', 'lab'], rowan.inside, keys);
      await bob.see(/Connected\.\.\.\n/);
      bob.type('echo "there are $((1+1)) keys"');
      await holder.see(/there are 2 keys\n/);
      for (const named of [['/certuser', 'other'], []]) {
        const no = await runConsole(['remote', '/c', 'birch', sealed, ...named], [], keys, rowan.inside);
        expect(no).toMatchObject({ status: 1 });
        expect(no.stdout).not.toContain('Connected...');
      }
      const wrong = { ...directory, HAWSER_PASSWORD: 'abd' };
      const refused = await runConsole(['remote', '/c', 'birch', shut], [], wrong, rowan.inside);
      expect(refused).toMatchObject({ status: 1 });
      expect(refused.stderr).toContain('Error 0x80004005');
      const without = await runConsole(['remote', '/c', 'birch', open], [], directory, rowan.inside);
      expect(without).toMatchObject({ status: 1 });
    } finally {
      machines.remove();
    }
  });
});

it('says what is wrong with its command line', async () => {
  const wrong: [string[], string][] = [
    [[], 'Give /s, /c or /q.'],
    [['/x'], "The first word must be /s, /c or /q, not '/x'."],
    [['/s', 'sh'], '/s takes a command line, in quotes where it has blanks, and a name.'],
    [['/s', 'sh', 'x', '/f', 'pink'], "'pink' is no colour; there are black, "],
    [['/c', 'localhost', 'x', '/l', 'many'], '/l takes a decimal number of lines'],
    [['/s', 'sh', 'a"b'], 'it has a quote mark'],
    [['/c', 'localhost', 'x', '/k', '/no/such/file'], 'The colour file of /k cannot be read: ENOENT'],
    [['/s', 'sh', 'x', '/passwordfile', '/no/such/file'], 'The password file cannot be read: ENOENT'],
    [['/q'], '/q takes the name of a machine'],
    [['/s', 'sh', 'x', '/v', '/-v'], '/v and /-v exclude each other.'],
    [['/s', 'sh', 'x', '/u', 'root', '/certuser', 'lab'], 'who has its key may join: leave /u and /ud out.'],
  ];
  for (const [args, text] of wrong) {
    const { status, stderr } = await runConsole(['remote', ...args]);
    expect([args, status]).toEqual([args, 2]);
    expect(stderr).toContain(text);
  }
});

describe('.remote', () => {
  const shared = async (name: string, args: readonly string[]) => {
    const owner = new ConsoleProcess(['cdb', ...args], directory);
    processes.push(owner);
    owner.type(`.remote ${name}`);
    await owner.see(/To Connect: Remote \/C/);
    return owner;
  };

  it('shares a debugger that is at work, to its end', async () => {
    const name = newName();
    const owner = await shared(name, ['/bin/true']);
    const [ann, bob] = [await join(name), await join(name)];
    ann.type('? 0n40+2');
    const sum = /Evaluate expression: 42 = [0`]+2a\n/;
    for (const window of [owner, ann, bob]) await window.see(sum);
    for (const window of [owner, bob])
      await window.see(new RegExp(`\\? 0n40\\+2     \\[${HOST}       ${TIME}\\]\n`));
    owner.type('? 0n41+2');
    for (const window of [ann, bob]) await window.see(/Evaluate expression: 43 = /);
    bob.type('.remote again');
    await bob.see(/This console is shared already/);
    owner.type('@k');
    expect(await ann.exited()).toBe(0);
    owner.type('? 0n42+2');
    await owner.see(/Evaluate expression: 44 = /);
  });

  it('is for core files too, and takes a name', async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'hawser-core-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const core = joinPath(folder, 'core');
    const make = ['-batch', '-ex', 'starti', '-ex', `generate-core-file ${core}`, '/bin/true'];
    execFileSync('gdb', ['-nx', ...make], { stdio: 'ignore' });
    const name = newName();
    await shared(name, ['-z', core]);
    const ann = await join(name);
    ann.type('.remote', 'k');
    await ann.see(/This console is shared already/);
    await ann.see(/Child-SP/);
    ann.type('q');
    expect(await ann.exited()).toBe(0);
    const { stdout, stderr } = await runConsole(['cdb', '/bin/true'], ['.remote', 'q']);
    expect(stdout + stderr).toContain('.remote takes a name');
  });

  it('is refused with what to use where there is no console', async () => {
    const { stdout } = await runConsole(['cdb', '-c', '.remote x; q', '/bin/true']);
    expect(stdout).toContain('from a window use .server');
  });
});
