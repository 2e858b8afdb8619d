import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { address } from '../../format/address.ts';
import { currentTask } from '../../kernel/linux/kernel.ts';
import { logLines, readLog } from '../../kernel/linux/log.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { type Task, Tasks } from '../../kernel/linux/tasks.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { findLinux, refreshModules } from '../kernel/find.ts';
import type { Linux } from '../kernel/linux.ts';
import { expectKernel } from '../kernel/physical.ts';
import type { ProgramLook } from '../kernel/program-look.ts';
import { choosePages } from '../kernel/task-pages.ts';
import { TaskProgram } from '../kernel/task-program.ts';
import { type StackWanted, type TaskStack, taskStack } from '../kernel/task-stack.ts';
import { processLines, stackLines, threadLine } from '../kernel/task-text.ts';
import { reloadProgram } from './symbol-files.ts';

interface Known {
  readonly linux: Linux;
  readonly target: LinuxTarget;
}

/** @throws HawserError `UNSUPPORTED` with the reason */
function expectLinux({ state, name }: CommandContext): Known {
  const { linux } = expectKernel(state, name);
  if (!linux)
    throw engineErrors.unsupported(
      name,
      'this kernel is no Linux, or was not found to be one',
      'With a vmlinux on the symbol path, .reload looks again.',
    );
  return { linux, target: linux.target(name, () => state.cancel.check()) };
}

async function tasksOf(context: CommandContext, target: LinuxTarget): Promise<Tasks> {
  const tasks = await Tasks.of(target);
  if (!tasks)
    throw engineErrors.unsupported(context.name, 'this kernel’s types are not known: it has no BTF');
  return tasks;
}

/** Numbers up to here are process ids: no task_struct lies there. */
const LARGEST_PID = 1n << 22n;

async function taskNamed(
  context: CommandContext,
  tasks: Tasks,
  target: LinuxTarget,
  named: bigint | null,
): Promise<Task> {
  const { state } = context;
  const wanted = named ?? state.current.chosenTask ?? (await currentTask(target, state.thread));
  const found =
    wanted === null
      ? null
      : wanted > 0n && wanted < LARGEST_PID
        ? await tasks.byPid(Number(wanted))
        : await tasks.at(wanted);
  if (found) return found;
  throw engineErrors.badArgument(
    wanted === null
      ? 'The current task is not known: name one, as !process 0 0 lists them'
      : wanted < LARGEST_PID
        ? `There is no process 0n${wanted}`
        : `There is no task at ${address(wanted)}`,
    0,
  );
}

/** With bit 1 its threads, with bit 2 their stacks, with bit 4 those of its program too. */
const [THREADS, STACKS, PROGRAM] = [2n, 4n, 16n];
const ALL_FRAMES: StackWanted = { limit: 0x100, details: {} };

async function showProcess(
  context: CommandContext,
  known: Known,
  tasks: Tasks,
  task: Task,
  flags: bigint,
): Promise<void> {
  const { state } = context;
  const { target, linux } = known;
  const parent = task.parent === task.address ? null : await tasks.known(task.parent);
  context.print((await processLines(target, task, parent)).join('\n'));
  if ((flags & (THREADS | STACKS)) === 0n) return;
  const orcAt = await linux.orcs(() => state.cancel.check());
  const wanted = (flags & STACKS) !== 0n && (flags & PROGRAM) !== 0n && task.mm !== 0n;
  const program = wanted ? await lookAtProgram(context, known, tasks, task) : null;
  try {
    for (const thread of await tasks.threads(task)) {
      state.cancel.check();
      context.print(`\n${threadLine(thread)}`);
      if ((flags & STACKS) === 0n) continue;
      const stack = await taskStack(state, target, thread, orcAt, program, ALL_FRAMES);
      const lines = stackLines(state, stack);
      context.print(lines.map((line) => `        ${line}`).join('\n'));
    }
  } finally {
    if (program !== state.current.program) await program?.dispose();
  }
}

/** Null: it cannot be looked at, which is told. The one that .process has is used again. */
async function lookAtProgram(
  context: CommandContext,
  { target }: Known,
  tasks: Tasks,
  task: Task,
): Promise<ProgramLook | null> {
  const { state, targets } = context;
  const chosen = state.current.program;
  if (chosen?.mm === task.mm) return chosen;
  try {
    return await TaskProgram.open(state, targets, target, tasks, task);
  } catch (error) {
    state.cancel.check();
    context.print(`    Its program cannot be looked at: ${toHawserError(error).text}`);
    return null;
  }
}

async function process(context: CommandContext, args: Args): Promise<undefined> {
  const known = expectLinux(context);
  const tasks = await tasksOf(context, known.target);
  const named = args.done ? null : await context.evaluate(args);
  const all = named === 0n;
  const flags = args.done ? (all ? 0n : THREADS | STACKS | PROGRAM) : await context.evaluate(args);
  const image = args.word();
  args.expectEnd();
  await refreshModules(context.state);
  if (!all) {
    const task = await taskNamed(context, tasks, known.target, named === -1n ? null : named);
    await showProcess(context, known, tasks, task, (flags & STACKS) === 0n ? flags : flags | PROGRAM);
    return undefined;
  }
  let shown = 0;
  for await (const task of tasks.processes()) {
    if (image !== null && task.name !== image) continue;
    await showProcess(context, known, tasks, task, flags);
    context.print('');
    shown++;
  }
  if (shown === 0) context.print(image === null ? 'There are no processes.' : `No process named ${image}.`);
  return undefined;
}

/** `.process` and `.thread`: the same, but that the latter takes any thread of a process. */
async function choose(context: CommandContext, args: Args): Promise<undefined> {
  const known = expectLinux(context);
  const { target } = known;
  const { state, name } = context;
  const system = state.current;
  const what = name.toLowerCase() === '.thread' ? 'thread' : 'process';
  const refused = args.match(/[-/]i\b/iy);
  if (refused)
    throw engineErrors.unsupported(
      `${name} /i`,
      'the kernel would have to run until it comes to that task',
      'Without /i memory is looked at by the task’s own page tables.',
    );
  let symbols = false;
  for (let option = args.match(/[-/][pr]+\b/iy); option; option = args.match(/[-/][pr]+\b/iy))
    symbols ||= /r/i.test(option[0]);
  if (args.done && !symbols) {
    const current = system.chosenTask ?? (await currentTask(target, state.thread));
    context.print(
      current === null
        ? 'The current task is not known: this kernel keeps it in another way.'
        : `Implicit ${what} is now ${address(current)}`,
    );
    return undefined;
  }
  const named = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  if (named === 0n) {
    system.choosePages(null, null);
    context.print(`Implicit ${what} is the current processor’s again.`);
    return undefined;
  }
  const tasks = await tasksOf(context, target);
  const task = await taskNamed(context, tasks, target, named);
  await choosePages(state, target, task);
  context.print(`Implicit ${what} is now ${address(task.address)}`);
  if (task.mm === 0n) context.print('It is a kernel thread: it has no memory of its own.');
  else if (symbols) {
    system.showProgram(await TaskProgram.open(state, context.targets, target, tasks, task));
    context.host.modulesChanged();
  }
  return undefined;
}

/** The stack of the task that .process chose, with its program's frames. Null: none was chosen. */
export async function chosenStack(context: CommandContext, wanted: StackWanted): Promise<TaskStack | null> {
  const { state } = context;
  const system = state.current;
  if (system.chosenTask === null || !system.linux) return null;
  const known = expectLinux(context);
  const { linux, target } = known;
  const tasks = await tasksOf(context, target);
  const task = await taskNamed(context, tasks, target, system.chosenTask);
  if (task.mm !== 0n && !system.program) {
    const program = await lookAtProgram(context, known, tasks, task);
    if (program) system.showProgram(program);
  }
  const orcAt = await linux.orcs(() => state.cancel.check());
  return taskStack(state, target, task, orcAt, system.program, wanted);
}

/** Shown when nothing else is asked for. */
const USUAL_RECORDS = 500;
const ALL_RECORDS = 1 << 20;
const LINES_AT_ONCE = 200;

async function log(context: CommandContext, args: Args): Promise<undefined> {
  const { target } = expectLinux(context);
  const all = args.take('*');
  const most = all ? ALL_RECORDS : args.done ? USUAL_RECORDS : Number(await context.evaluate(args));
  args.expectEnd();
  if (most < 1) args.fail();
  const records = await readLog(target, most);
  if (!records)
    throw engineErrors.unsupported(
      '!dmesg',
      'the log was not found: kernels before 5.10 keep it in another way, and those without BTF need a vmlinux',
    );
  const [first] = records;
  if (first && first.sequence > 0n && !all)
    context.print(
      `(${first.sequence} older records are not shown; !dmesg * shows what the kernel has kept.)`,
    );
  const lines = records.flatMap(logLines);
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
    context.state.cancel.check();
    context.print(lines.slice(at, at + LINES_AT_ONCE).join('\n'));
  }
  return undefined;
}

async function reload(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  void state.target;
  if (!state.isKernel) return reloadProgram(context, args);
  args.match(/\/f\b/iy);
  args.expectEnd();
  const system = state.current;
  await findLinux(state, system, true);
  context.print(system.linux?.lines.join('\n') ?? 'No Linux kernel was found.');
  context.host.modulesChanged();
  return undefined;
}

/** What Windows' kernels have and Linux has not, with what comes nearest. */
const MISSING: Readonly<Record<string, string>> = {
  '!irql': 'Linux has no interrupt request levels',
  '!object': 'Linux has no object manager',
  '!drvobj': 'Linux has no driver objects; lm lists its modules',
  '!devobj': 'Linux has no device objects',
  '!irp': 'Linux has no I/O request packets',
  '!pool': 'Linux has no pools',
  '!apc': 'Linux has no asynchronous procedure calls',
  '!dpcs': 'Linux has no deferred procedure calls',
  '!pcr': 'Linux has no processor control region; its processors’ own data lie behind __per_cpu_offset',
  '!dbgprint': 'Linux’s log is shown by !dmesg',
};

async function missing({ state, name }: CommandContext, args: Args): Promise<undefined> {
  expectKernel(state, name);
  args.rest();
  throw engineErrors.unsupported(name, MISSING[name.toLowerCase()] ?? 'Linux has nothing like it');
}

const common = { family: 'Threads and processes', needs: 'any', threads: 'each' } as const;
const [irql, ...others] = Object.keys(MISSING);

export const linuxCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '!process',
    syntax: ['!process [0 [Flags [Image]]]', '!process Task|PID [Flags]'],
    summary: 'Lists the processes of a Linux kernel, or shows one with its threads and stacks.',
    help:
      'Of kernels. 0 lists all, and those of a name where one is given; an address is that of a task_struct; numbers below ' +
      '0x400000 are process ids, in the current base (0n for decimal). Without anything it is the current processor’s, or that ' +
      'which .process chose. Flags: 2 threads, 4 their stacks, 10 of those in the list also what is in their programs (6 for a ' +
      'single one by default, 0 for the list). Frames of programs need their files: they are found by build id at their own ' +
      'paths here and on the symbol path; without, they are followed by frame pointers, and that is said.',
    example: '!process 0 0',
    run: process,
  },
  {
    ...common,
    name: '.process',
    aliases: ['.thread'],
    syntax: ['.process', '.process [/p] [/r] Task|PID', '.process 0', '.thread [/p] [/r] Task|TID'],
    summary: 'Chooses the task whose memory, symbols and stack are looked at.',
    help:
      'Of Linux kernels. Until the target runs, d*, e* and !pte go by that task’s page tables, and k shows its stack, in the kernel ' +
      'and in its program. With /r (or after k) names, types and expressions are also those of its program, whose files are found ' +
      'by build id at their own paths here and on the symbol path. 0 takes it back, nothing shows the current one. Registers stay ' +
      'the processor’s. .thread takes any thread of a process. /i is refused.',
    example: '.process /p /r 0n89',
    run: choose,
  },
  {
    ...common,
    family: 'Memory',
    name: '!dmesg',
    syntax: ['!dmesg [Count]', '!dmesg *'],
    summary: 'Shows the log of a Linux kernel.',
    help:
      'Of kernels from 5.10 on. The last 500 records, or so many, or all that the kernel has kept; with their times since the ' +
      'start, as dmesg shows them.',
    example: '!dmesg 20',
    run: log,
  },
  {
    ...common,
    family: 'Symbols and types',
    name: '.reload',
    syntax: ['.reload [/f] [/i] [/l] [Module]'],
    summary: 'Looks anew for modules and their symbols.',
    help:
      'Of programs: separate debug information of modules that have none is looked for as ld does; servers are asked where /f or a module is given. ' +
      'WinDbg’s other letters are taken. Of kernels: the kernel itself, its symbols and its modules. A vmlinux on the symbol path is taken where its build id or banner matches; else symbols are read from ' +
      'kallsyms, types from BTF and unwinding from ORC, all in the kernel’s own memory, also over a slow wire, on which that ' +
      'is not done unasked.',
    example: '.reload',
    once: true,
    run: reload,
  },
  {
    ...common,
    family: 'Memory',
    name: irql ?? '!irql',
    aliases: others,
    syntax: [`${Object.keys(MISSING).join(', ')}`],
    summary: 'Of Windows’ kernels: says in one line what Linux has in its place.',
    help: 'Nothing is made up: what Linux does not have is not shown.',
    example: '!irp',
    run: missing,
  },
];
