import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

const LEAVING =
  'CTRL+B or .remote_exit leaves; qq ends the session for everybody, qqd lets the target run on.';

function end(target: 'quit' | 'detach', everywhere: boolean): CommandEntry['run'] {
  return async (context: CommandContext, args: Args): Promise<Control> => {
    args.expectEnd();
    if (!context.caller.local && !everywhere) {
      throw engineErrors.unsupported(context.name, 'it does nothing on a remote client', LEAVING);
    }
    if (context.state.quitLock !== null) throw engineErrors.quitLocked(context.name);
    context.host.endSession(target);
    return { endLine: true };
  };
}

const common = { family: 'Session', needs: 'none' } as const;

export const quitCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'q',
    differences: 'On a debugging client it is refused, with a hint: it would end everybody’s session.',
    changes: true,
    syntax: ['q'],
    summary: 'Ends the session and the target.',
    help:
      'Where the session runs, not on remote clients. A process that was attached to ends too; with -pd or ' +
      '-pv the target is let go instead, and so is a process behind a process server that ran before it was ' +
      'attached to. When the input ends, or the debugger is ended by a signal, whatever was attached to is let go.',
    example: 'q',
    run: end('quit', false),
  },
  {
    ...common,
    name: 'qd',
    differences: 'As for q.',
    changes: true,
    syntax: ['qd'],
    summary: 'Ends the session and lets the target run on.',
    help: 'Where the session runs, not on remote clients.',
    example: 'qd',
    run: end('detach', false),
  },
  {
    ...common,
    name: 'qq',
    changes: true,
    syntax: ['qq'],
    summary: 'Ends the session for everybody, from remote clients too.',
    help: 'The target ends with it, unless -pd or -pv was given.',
    example: 'qq',
    run: end('quit', true),
  },
  {
    ...common,
    name: 'qqd',
    changes: true,
    syntax: ['qqd'],
    summary: 'Ends the session for everybody and lets the target run on.',
    help: 'From remote clients too.',
    example: 'qqd',
    run: end('detach', true),
  },
];
