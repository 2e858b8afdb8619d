import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { LinePainter } from '../../engine/shared-console/colors.ts';
import { sharedConsoleErrors } from '../../engine/shared-console/errors.ts';
import { shareConsole } from '../../engine/shared-console/listen.ts';
import { type RunningProgram, startProgram } from '../../engine/shared-console/program.ts';
import { SharedConsole } from '../../engine/shared-console/shared-console.ts';
import { includes, type Principal, principalOf } from '../../engine/shared-console/users.ts';
import { banner, protectedServer, sessionOver, toConnect } from '../../engine/shared-console/words.ts';
import { givenPassword } from '../cli/password.ts';
import { version } from '../cli/version.ts';
import type { RemoteArguments } from './arguments.ts';

type ServerArguments = Extract<RemoteArguments, { kind: 'server' }>;

/** What a debugger's command has in it, here and on Windows: such sessions are listed unless told otherwise. */
const DEBUGGERS = /kd|dbg|remoteds|ntsd|cdb|gdb|lldb/i;

const EVERYONE =
  'WARNING: every user of this machine can join this session and run what you can run.\n' +
  'Safer: name them with /u, or use a password (/passwordfile).\n';

/** `/s`: shares a console program until it ends. @returns its exit status */
export async function serve(args: ServerArguments): Promise<number> {
  const { name, command } = args;
  const [allowed, denied] = [await principals(args.allowed), await principals(args.denied)];
  await checkCreator(allowed, denied);
  const password = await givenPassword(args.passwordFile);
  const painter = new LinePainter([], args);
  let over: (status: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    over = resolve;
  });
  let shown = '';
  let program: RunningProgram | null = null;
  const shared: SharedConsole = new SharedConsole({
    name,
    command,
    user: userInfo().username,
    toProgram: (line) => program?.type(line),
    show: (text) => {
      if (text !== '') shown = text;
      process.stdout.write(painter.paint(text));
    },
    // A console has no windows to pop up: the bell draws the eye to it.
    popUp: () => void process.stdout.write('\x07'),
    end: () => over(0),
  });
  const sharing = await shareConsole({
    name,
    command,
    version,
    console: shared,
    allowed,
    denied,
    visible: args.visible ?? DEBUGGERS.test(command),
    password,
    certificate: args.certificate,
    trouble: (text) => void process.stderr.write(`${text}\n`),
  });
  try {
    process.stdout.write(banner('SERVER'));
    if (allowed.some(({ kind }) => kind === 'everyone')) process.stdout.write(EVERYONE);
    if (allowed.length > 0) process.stdout.write(protectedServer(allowed.map((one) => one.name)));
    process.stdout.write(toConnect(hostname(), name));
    program = await startProgram(command, (text) => shared.output(text), over);
    const status = await whileTyping(shared, program, ended, over);
    await shared.end();
    process.stdout.write(sessionOver(shown));
    return status;
  } finally {
    program?.kill();
    await sharing.close();
  }
}

async function whileTyping(
  shared: SharedConsole,
  program: RunningProgram,
  ended: Promise<number>,
  over: (status: number) => void,
): Promise<number> {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => shared.typeHere(line));
  const interrupt = () => program.interrupt();
  const stop = () => over(0);
  process.on('SIGINT', interrupt);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  try {
    return await ended;
  } finally {
    process.off('SIGINT', interrupt);
    lines.close();
  }
}

async function principals(names: readonly string[]): Promise<readonly Principal[]> {
  const found: Principal[] = [];
  for (const name of names) {
    const one = await principalOf(name);
    if (!one) throw sharedConsoleErrors.noSuchPrincipal(name);
    found.push(one);
  }
  return found;
}

/** Who makes a session must be able to join it. */
async function checkCreator(allowed: readonly Principal[], denied: readonly Principal[]): Promise<void> {
  const { username, uid } = userInfo();
  const out = await includes(denied, username, uid);
  const named = allowed.length === 0 || (await includes(allowed, username, uid));
  if (out || !named) throw sharedConsoleErrors.creatorDenied(username);
}
