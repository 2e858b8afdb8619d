import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { setInstructionPointer } from '../registers/write.ts';
import { stepMany } from '../stops/stepping.ts';
import { onlyThread } from './go.ts';

type Kind = 'stepInstruction' | 'nextInstruction';

/** `p|t[r] [= Start] [Count] ["Commands"]`. */
async function step(context: CommandContext, args: Args, kind: Kind): Promise<Control> {
  if (/r$/i.test(context.name)) context.state.showRegisters = !context.state.showRegisters;
  if (args.take('=')) await setInstructionPointer(context.state, await context.evaluate(args));
  const count = args.done || args.peekRest().startsWith('"') ? 1n : await context.evaluate(args);
  const commands = args.quoted();
  args.expectEnd();
  return context.resume(async () => {
    await stepMany(context.state, context.host, context.execution, kind, count, onlyThread(context));
    if (commands) await context.run(commands);
  });
}

const common = { family: 'Execution', needs: 'live', threads: 'own', glue: /^[0-9@$=("]/ } as const;

export const stepCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'p',
    aliases: ['pr'],
    syntax: ['[~Thread] p[r] [= Start] [Count] ["Commands"]'],
    summary: 'Executes one instruction; a call counts as one.',
    help:
      'Count is in the current base. Every step is shown. `pr` switches the registers in what steps ' +
      'and stops show off and on again.',
    example: 'p 3',
    run: (context, args) => step(context, args, 'nextInstruction'),
  },
  {
    ...common,
    name: 't',
    aliases: ['tr'],
    syntax: ['[~Thread] t[r] [= Start] [Count] ["Commands"]'],
    summary: 'Executes one instruction, and goes into calls.',
    help:
      'Every step is shown. More than sixteen at a time are recorded first and shown after, which is ' +
      'many times faster; the steps before the last then show the effective address without the value ' +
      'that stood there. `tr` switches the registers off and on again.',
    example: 't 10',
    run: (context, args) => step(context, args, 'stepInstruction'),
  },
];
