import { engineErrors } from '../../errors.ts';
import { hexDigits } from '../../format/address.ts';
import { errnoText } from '../../format/errno.ts';
import { signalName } from '../../machine/signals.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { processBlock, threadBlock } from '../process/blocks.ts';
import { errnoOfThreads } from '../process/errno.ts';
import { flagsText, type Handle, readHandles } from '../process/handles.ts';
import { expectLive, expectUser } from '../process/proc-files.ts';
import { allThreadTimes, type ThreadTimes } from '../process/thread-times.ts';
import { processTimes, spanText, systemUptime } from '../systems/times.ts';

/** Bits of `!handle`: type, what it was opened for, name, the rest. */
const [TYPE, BASIC, NAME, OBJECT] = [1, 2, 4, 8];

/** `!handle [Handle [Flags [Type]]]`; handle 0 or -1: all. */
async function handle(context: CommandContext, args: Args): Promise<Control | undefined> {
  const all = args.done || args.match(/(?:-1|0)(?=\s|$)/y) !== null;
  const wanted = all ? null : await context.evaluate(args);
  const flags = args.done ? TYPE : Number(await context.evaluate(args));
  const type = args.word();
  args.expectEnd();
  const handles = await readHandles(context.state);
  const chosen = handles.filter(
    (each) =>
      (wanted === null || BigInt(each.number) === wanted) &&
      (type === null || each.type.toLowerCase() === type.toLowerCase()),
  );
  if (wanted !== null && chosen.length === 0)
    throw engineErrors.badArgument(`There is no descriptor ${wanted.toString(16)} (0n${wanted})`, 0);
  if (flags !== 0) for (const each of chosen) context.print(handleLines(each, flags).join('\n'));
  if (wanted === null) context.print(countLines(chosen).join('\n'));
  return undefined;
}

function handleLines(handle: Handle, flags: number): string[] {
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const { number, type, name, position, details } = handle;
  return [
    `Handle ${number.toString(16)}`,
    ...(has(TYPE) ? [`  Type          ${type}`] : []),
    ...(has(BASIC) && handle.flags !== null
      ? [`  GrantedAccess 0x${handle.flags.toString(16)}:`, `         ${flagsText(handle.flags)}`]
      : []),
    ...(has(NAME) ? [`  Name          ${name === '' ? '<none>' : name}`] : []),
    ...(has(OBJECT) && (position !== null || details.length > 0)
      ? [
          '  Object Specific Information',
          ...(position !== null && type === 'File' ? [`    Position ${position.toString(16)}`] : []),
          ...details.map((line) => `    ${line}`),
        ]
      : []),
  ];
}

function countLines(handles: readonly Handle[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of handles) counts.set(type, (counts.get(type) ?? 0) + 1);
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${handles.length} Handles`,
    'Type            Count',
    ...rows.map(([type, count]) => `${type.padEnd(16)}${count}`),
  ];
}

const RUNAWAY: readonly (readonly [
  bit: number,
  title: string,
  time: (times: ThreadTimes) => number | null,
])[] = [
  [1, 'User Mode Time', ({ user }) => user],
  [2, 'Kernel Mode Time', ({ kernel }) => kernel],
  [4, 'Elapsed Time', ({ elapsed }) => elapsed],
];

/** `!runaway [Flags]`: 1 in user mode (the default), 2 in the kernel, 4 since each thread began. */
async function runaway(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const flags = args.done ? 1 : Number(await context.evaluate(args));
  args.expectEnd();
  expectUser(state, '!runaway');
  const times = await allThreadTimes(state, '!runaway');
  for (const [bit, title, of] of RUNAWAY) {
    if ((flags & bit) === 0) continue;
    const rows = times.flatMap((each) => {
      const time = of(each);
      const index = state.threads.find(({ tid }) => tid === each.tid)?.index;
      return time === null || index === undefined ? [] : [{ index, tid: each.tid, time }];
    });
    if (rows.length === 0) {
      context.print(` ${title}\n  (not kept in this core file)`);
      continue;
    }
    rows.sort((a, b) => b.time - a.time || a.index - b.index);
    context.print(` ${title}\n  Thread       Time`);
    for (const { index, tid, time } of rows)
      context.print(`${String(index).padStart(5)}:${tid.toString(16).padEnd(8)} ${spanText(time)}`);
  }
  return undefined;
}

async function uptime(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state } = context;
  expectLive(state, '!uptime');
  context.print(`System Uptime: ${spanText(await systemUptime(state))}`);
  context.print(`Process Uptime: ${spanText((await processTimes(state)).uptime)}`);
  return undefined;
}

/** `!gle [-all]`. */
async function lastError(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const all = args.match(/-all(?=\s|$)/iy) !== null;
  args.expectEnd();
  const errors = state.isKernel ? null : await errnoOfThreads(state);
  if (!errors)
    throw engineErrors.unsupported(
      '!gle',
      'where errno lies is not known: this target has no C library with __errno_location, and no debug information of it',
      'lm shows which libraries it has.',
    );
  const threads = all ? state.threads : state.threads.filter(({ index }) => index === state.thread);
  for (const { index } of threads) {
    const value = errors.get(index);
    if (all) context.print(`Last error for thread ${index.toString(16).toUpperCase()}:`);
    context.print(
      value === undefined
        ? 'LastErrorValue: (errno) cannot be read: its memory is not there'
        : `LastErrorValue: ${errnoText(value)}`,
    );
    if (all) context.print('');
  }
  return undefined;
}

/** `!error Value [1]`: of errno, with 1 of signals. */
async function errorText(context: CommandContext, args: Args): Promise<Control | undefined> {
  const value = Number(BigInt.asIntN(32, await context.evaluate(args)));
  const signal = !args.done && (await context.evaluate(args)) === 1n;
  args.expectEnd();
  if (!signal) {
    context.print(`Error code: ${errnoText(value)}`);
    return undefined;
  }
  const name = value >= 1 && value <= 64 ? signalName(value) : 'Unknown signal';
  context.print(`Error code: (signal) 0x${hexDigits(value, 1)} (${value}) - ${name}`);
  return undefined;
}

async function showProcess(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  context.print((await processBlock(context.state)).join('\n'));
  return undefined;
}

async function showThread(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  context.print((await threadBlock(context.state)).join('\n'));
  return undefined;
}

const common = { family: 'Threads and processes', needs: 'any', secure: 'allowed' } as const;

export const processFactCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '!peb',
    threads: 'none',
    syntax: ['!peb'],
    summary: 'Shows what the process was started with: arguments, environment, folder, auxiliary vector.',
    help: 'Arguments and auxiliary vector are those that the kernel put on the first stack; the environment is the one of now, where the C library tells it. A core file does not keep the folder.',
    differences:
      'Linux has no such block: what WinDbg shows of it comes from the first stack, the C library and the kernel. Times and flags of Windows’ loader are left out, the auxiliary vector is added.',
    example: '!peb',
    run: showProcess,
  },
  {
    ...common,
    name: '!teb',
    syntax: ['[~Thread] !teb'],
    summary: 'Shows what there is of the current thread: its stack, its own storage, its last error.',
    help: 'The address is the thread pointer. StackLimit is where the mapping of the stack ends.',
    differences: 'Fields of Windows alone (fibers, exception lists, RPC handles) are left out.',
    example: '!teb',
    run: showThread,
  },
  {
    ...common,
    name: '!handle',
    threads: 'none',
    syntax: ['!handle [Handle [Flags [Type]]]'],
    summary: 'Lists file descriptors.',
    help: 'Without a handle (or with 0, or -1) all of them, and how many there are of each type. Flags: 1 type (the default), 2 how it was opened, 4 name, 8 what else the kernel tells: position, both ends of sockets, what an epoll waits for; f for all. Type takes those of one: File, Socket, Pipe, Directory, CharDevice, Event, Epoll, Timer. Of living processes, also behind a process server or a stub that reads files.',
    differences:
      'Handles are file descriptors: 0 is one as well, and is shown with all others; GrantedAccess are the flags of open(2).',
    example: '!handle 0 f',
    run: handle,
  },
  {
    ...common,
    name: '!runaway',
    threads: 'none',
    syntax: ['!runaway [Flags]'],
    summary: 'Shows how much time each thread has used, the greediest first.',
    help: 'Flags: 1 in user mode (the default), 2 in the kernel, 4 since the thread began; 7 for all. A core file that the kernel wrote has the first two.',
    example: '!runaway 7',
    run: runaway,
  },
  {
    ...common,
    name: '!uptime',
    threads: 'none',
    syntax: ['!uptime'],
    summary: 'Shows how long the machine and the process have been running.',
    help: '.time has more.',
    example: '!uptime',
    run: uptime,
  },
  {
    ...common,
    name: '!gle',
    syntax: ['[~Thread] !gle [-all]'],
    summary: 'Shows the last error (errno) of the current thread, or of all.',
    help: 'Where errno lies in a thread’s own storage is read out of the C library’s code, so no debug information is needed.',
    differences: 'There is one value, errno, where Windows keeps a last error and a last status.',
    example: '!gle -all',
    run: lastError,
  },
  {
    ...common,
    name: '!error',
    needs: 'none',
    syntax: ['!error Value [1]'],
    summary: 'Says what an error number means.',
    help: 'Of errno; negative numbers are what system calls of the kernel answer. With 1 behind it, of signals.',
    differences: '1 means signals in place of NTSTATUS.',
    example: '!error 2',
    run: errorText,
  },
];
