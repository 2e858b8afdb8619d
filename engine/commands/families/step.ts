import { HawserError } from '../../../transports/errors/error.ts';
import type { InstructionKind } from '../../backend/types.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { setInstructionPointer } from '../registers/write.ts';
import { type Stepping, stepMany, stepToAddress, stepToKind, stepToTaken } from '../stops/stepping.ts';
import { onlyThread } from './go.ts';

/** `[r] [= Start]`, before whatever a command of steps takes. */
export async function begin(context: CommandContext, args: Args): Promise<Stepping> {
  if (/r$/i.test(context.name)) context.state.showRegisters = !context.state.showRegisters;
  await readStart(context, args);
  const { state, host, execution } = context;
  return { state, host, execution, only: onlyThread(context) };
}

/** `= Start`: from there on it goes. */
export async function readStart(context: CommandContext, args: Args): Promise<void> {
  if (args.take('=')) await setInstructionPointer(context.state, await context.evaluate(args));
}

async function readCount(context: CommandContext, args: Args): Promise<bigint> {
  return args.done || args.peekRest().startsWith('"') ? 1n : context.evaluate(args);
}

/** `["Commands"]`: they run when the steps are over. */
export function finish(
  context: CommandContext,
  args: Args,
  stepping: Stepping,
  steps: (stepping: Stepping) => Promise<void>,
): Promise<Control> {
  const commands = args.quoted();
  args.expectEnd();
  const last = commands ? { last: () => context.run(commands) } : {};
  return context.resume(() => steps({ ...stepping, ...last }).catch((error) => brokenOff(stepping, error)));
}

/** A break-in among steps ends what is being read about one, too: where the target has come to is said all the same. */
async function brokenOff({ execution }: Stepping, error: unknown): Promise<never> {
  if (error instanceof HawserError && error.code === 'INTERRUPTED') await execution.display().catch(() => {});
  throw error;
}

/** `p|t[r] [= Start] [Count] ["Commands"]`. */
async function step(context: CommandContext, args: Args, over: boolean): Promise<Control> {
  const stepping = await begin(context, args);
  const count = await readCount(context, args);
  const unit = 'Instruction';
  return finish(context, args, stepping, (whole) =>
    stepMany(whole, `${over ? 'next' : 'step'}${unit}`, count),
  );
}

/** `pa|ta[r] [= Start] StopAddress ["Commands"]`. */
async function toAddress(context: CommandContext, args: Args, over: boolean): Promise<Control> {
  const stepping = await begin(context, args);
  if (args.done) args.fail();
  const address = await context.evaluate(args);
  return finish(context, args, stepping, (whole) => stepToAddress(whole, over, address));
}

/** `pc|tc|…[r] [= Start] [Count] ["Commands"]`. */
function toKind(over: boolean, kinds: readonly InstructionKind[]): CommandEntry['run'] {
  return async (context, args) => {
    const stepping = await begin(context, args);
    const count = await readCount(context, args);
    return finish(context, args, stepping, (whole) => stepToKind(whole, over, { kinds }, count));
  };
}

/** `tb[r] [= Start] [Count] ["Commands"]`. */
async function toTaken(context: CommandContext, args: Args): Promise<Control> {
  const stepping = await begin(context, args);
  const count = await readCount(context, args);
  return finish(context, args, stepping, (whole) => stepToTaken(whole, count));
}

const common = { family: 'Execution', needs: 'live', threads: 'own', glue: /^[0-9@$=("]/ } as const;

const CALLS_INTO = 'If the target stands on one, it goes on from there: into a call.';
const CALLS_OVER = 'If the target stands on one, that is executed first; calls on the way count as one step.';
const COUNTED = 'With a count it does so that often, and shows each place where it comes to.';

/** The commands that step to an instruction of some kind: a pair, over calls and into them. */
function pair(letters: string, what: string, example: string, kinds: readonly InstructionKind[]) {
  return [true, false].map((over): CommandEntry => {
    const name = `${over ? 'p' : 't'}${letters}`;
    return {
      ...common,
      name,
      aliases: [`${name}r`],
      syntax: [`[~Thread] ${name}[r] [= Start] [Count] ["Commands"]`],
      summary: `Steps to the next ${what}${over ? ', over calls' : ', in calls too'}.`,
      help: `${over ? CALLS_OVER : CALLS_INTO} ${COUNTED} A break-in ends it.`,
      example: `${name} ${example}`.trimEnd(),
      run: toKind(over, kinds),
    };
  });
}

export const stepCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'p',
    aliases: ['pr'],
    syntax: ['[~Thread] p[r] [= Start] [Count] ["Commands"]'],
    summary: 'Executes one instruction; a call counts as one.',
    help:
      'Count is in the current base. Every step is shown, more than sixteen as `t` shows them. `pr` switches the registers in what steps ' +
      'and stops show off and on again. The commands run when the steps are over.',
    example: 'p 3',
    run: (context, args) => step(context, args, true),
  },
  {
    ...common,
    name: 't',
    differences:
      'More than sixteen steps are recorded and shown after, which is many times faster; all but the last then have no value at their effective address.',
    aliases: ['tr'],
    syntax: ['[~Thread] t[r] [= Start] [Count] ["Commands"]'],
    summary: 'Executes one instruction, and goes into calls.',
    help:
      'Every step is shown. More than sixteen at a time are recorded first and shown after, which is ' +
      'many times faster; the steps before the last then show the effective address without the value ' +
      'that stood there. `tr` switches the registers off and on again.',
    example: 't 10',
    run: (context, args) => step(context, args, false),
  },
  {
    ...common,
    name: 'pa',
    aliases: ['par'],
    syntax: ['[~Thread] pa[r] [= Start] StopAddress ["Commands"]'],
    summary: 'Steps to an address, over calls, and shows every step.',
    help: 'It ends where the next instruction is the one at StopAddress, and not inside a call; a break-in ends it too.',
    example: 'pa loop!work+10',
    glue: /^[0-9@$=("`.]/,
    run: (context, args) => toAddress(context, args, true),
  },
  {
    ...common,
    name: 'ta',
    aliases: ['tar'],
    syntax: ['[~Thread] ta[r] [= Start] StopAddress ["Commands"]'],
    summary: 'Steps to an address, in calls too, and shows every step.',
    help: 'It ends where the next instruction is the one at StopAddress; a break-in ends it too.',
    example: 'ta loop!helper',
    glue: /^[0-9@$=("`.]/,
    run: (context, args) => toAddress(context, args, false),
  },
  ...pair('c', 'call', '', ['call']),
  ...pair('t', 'return', '', ['return']),
  ...pair('ct', 'call or return', '2', ['call', 'return']),
  ...pair('h', 'branch, call, return or system call', '3', ['branch', 'call', 'return', 'syscall']),
  {
    ...common,
    name: 'tb',
    differences:
      'Single steps find the branch: debuggers on Linux have no trace of branches in hardware to wait for.',
    aliases: ['tbr'],
    secure: 'allowed',
    syntax: ['[~Thread] tb[r] [= Start] [Count] ["Commands"]'],
    summary: 'Steps until a branch, call or return has been taken.',
    help: `It shows from where to where that led. A conditional branch that is not taken does not count. Single steps find it: CPUs under a debugger of Linux have no trace of branches to wait for. ${COUNTED}`,
    example: 'tb 3',
    run: toTaken,
  },
];
