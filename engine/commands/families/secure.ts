import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

/** `.secure [0|1]`: before there is a target or a server, and for good. */
async function secure(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, host, caller } = context;
  if (!args.done) {
    const wanted = await context.evaluate(args);
    args.expectEnd();
    if (wanted === 0n && state.secure) throw engineErrors.secureForGood();
    if (wanted !== 0n && !state.secure) {
      if (caller.role !== 'owner') throw engineErrors.ownerOnly('.secure');
      if (state.systems.some(({ kind }) => kind !== 'none'))
        throw engineErrors.secureTooLate('there is a target');
      if (host.servers().length > 0) throw engineErrors.secureTooLate('others can join the session already');
      state.secure = true;
      host.secureBegan?.();
    }
  }
  context.print(`Secure mode is ${state.secure ? 'on' : 'off'}.`);
  return undefined;
}

export const secureCommands: readonly CommandEntry[] = [
  {
    name: '.secure',
    family: 'Session',
    needs: 'none',
    syntax: ['.secure', '.secure 1'],
    summary: 'Shows whether secure mode is on, or turns it on until the debugger ends.',
    help: 'In secure mode what would touch the machine that the debugger runs on is refused, to everybody: files, other programs, GDB itself. It is set before there is a target, as a rule with -secure.',
    example: '.secure',
    secure: 'allowed',
    run: secure,
  },
];
