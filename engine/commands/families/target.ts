import { release, type as systemType } from 'node:os';
import { engineErrors } from '../../errors.ts';
import { longDate } from '../../format/time.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { signalName } from '../stops/signals.ts';

async function lastEvent(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { lastEvent: event, pending } = context.state;
  if (!event) {
    context.print('Last event: none');
    return undefined;
  }
  context.print(`Last event: ${event.text}\n  debugger time: ${longDate(event.time)}`);
  if (!pending) return undefined;
  const { signal } = pending;
  const where = signal.address === undefined ? '' : `, address 0x${signal.address.toString(16)}`;
  context.print(`  signal: ${signalName(signal)}${where}`);
  return undefined;
}

async function input(context: CommandContext, args: Args): Promise<Control | undefined> {
  const backend = context.target;
  if (backend.capabilities.input !== true)
    throw engineErrors.unsupported("The target's input", backend.capabilities.input);
  backend.writeInput(`${args.rest()}\n`);
  return undefined;
}

async function restart(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  await context.targets.restart();
  return undefined;
}

async function detach(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  await context.targets.detach();
  context.print('Detached');
  return undefined;
}

async function kill(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  await context.targets.kill();
  context.print('Terminated.  Exit thread and process events will occur.');
  return undefined;
}

async function targetVersion(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state } = context;
  const machine = state.target.architecture || 'unknown machine';
  context.print(`Linux target, ${machine}, ${state.pointerSize * 8}-bit`);
  context.print(`Debugger runs on ${systemType()} ${release()}`);
  context.print(`Debug session time: ${longDate(new Date())}`);
  return undefined;
}

async function version(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.state.kind !== 'none') await targetVersion(context, args);
  args.expectEnd();
  context.print(`Hawser ${context.host.version}`);
  context.print(`Engine: ${context.state.backend?.version ?? 'none started yet'}`);
  return undefined;
}

const common = { family: 'Session' } as const;

export const targetCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.lastevent',
    needs: 'none',
    syntax: ['.lastevent'],
    summary: 'Shows what made the target stop last.',
    help: 'For a signal its Linux name and the address that it names too.',
    example: '.lastevent',
    run: lastEvent,
  },
  {
    ...common,
    name: '.input',
    needs: 'none',
    syntax: ['.input Text'],
    summary: "Types a line at the target's terminal.",
    help: 'The program reads it from its standard input when it runs. All of the line counts, semicolons too. Alone on its line it does not wait until a running program stops. Hawser’s own: windows have a box for it, and a console gives what is typed while the program runs to the program.',
    example: '.input yes',
    wholeLine: true,
    whileRunning: true,
    run: input,
  },
  {
    ...common,
    name: '.restart',
    needs: 'none',
    syntax: ['.restart'],
    summary: 'Starts the program again from its beginning.',
    help: 'Only a program that the debugger started. Breakpoints stay.',
    run: restart,
  },
  {
    ...common,
    name: '.detach',
    needs: 'any',
    syntax: ['.detach'],
    summary: 'Lets the target go; it runs on without a debugger.',
    help: 'The session stays, without a target.',
    run: detach,
  },
  {
    ...common,
    name: '.kill',
    needs: 'any',
    syntax: ['.kill'],
    summary: 'Ends the target.',
    help: 'At once: on Linux nothing is left of it to look at. The session stays.',
    run: kill,
  },
  {
    ...common,
    name: 'vertarget',
    needs: 'any',
    syntax: ['vertarget'],
    summary: 'Shows what machine the target runs on.',
    help: 'And the time.',
    example: 'vertarget',
    run: targetVersion,
  },
  {
    ...common,
    name: 'version',
    needs: 'none',
    syntax: ['version'],
    summary: 'Shows the versions of the target, of Hawser and of the engine.',
    help: 'What vertarget shows, Hawser’s own version, and the GDB that drives the target.',
    example: 'version',
    run: version,
  },
];
