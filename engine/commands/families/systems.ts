import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';
import type { System } from '../system.ts';
import { systemLine } from '../systems/describe.ts';

/** `||`, `||.`, `||#`, `||*`, `||1`, `||1s`. */
async function systems(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const at = args.next;
  const token = args.match(/\.|#|\*|\d+/y)?.[0];
  const selects = args.match(/s/iy) !== null;
  args.expectEnd();
  const chosen = choose(context, token, at);
  if (!selects) {
    context.print(chosen.map((system) => systemLine(state, system)).join('\n'));
    return undefined;
  }
  const [system, more] = token === undefined ? [state.current] : chosen;
  if (!system || more) args.fail(at);
  await select(context, system);
  return undefined;
}

function choose({ state }: CommandContext, token: string | undefined, at: number): readonly System[] {
  if (token === undefined || token === '*') return state.systems;
  if (token === '.') return [state.current];
  if (token === '#') return [state.eventSystem ?? state.current];
  const system = state.systems.find(({ index }) => index === Number(token));
  if (!system) throw engineErrors.badArgument(`There is no system ${token}; || lists them`, at);
  return [system];
}

async function select({ state, host }: CommandContext, system: System): Promise<void> {
  state.current = system;
  for (const changed of [host.modulesChanged, host.threadsChanged, host.breakpointsChanged]) changed();
  host.stateChanged();
  if (system.kind === 'none' || system.running) return;
  host.output('prompt-registers', `${await stopDisplay(state, false)}\n`);
}

export const systemCommands: readonly CommandEntry[] = [
  {
    family: 'Threads and processes',
    needs: 'any',
    name: '||',
    syntax: ['||', '||System', '||System s'],
    summary: 'Lists systems: the targets of the session; with s it makes one the current one.',
    help:
      'Every process has a system of its own, with its machine: this one (`<Local>`), or that of a process server; so ' +
      'has a core file. System is an index, `.` for the current one, `#` for that of the last event, `*` for all. ' +
      'Commands are for the current system; its number stands in the prompt (`||1:0:000>`) when there are several. ' +
      '`g`, `gu` and their like run all systems, unless a thread stands before them: the first that stops stops the ' +
      'others, and is the current one then. Steps (`p`, `t`) move the current system alone. Breakpoints belong to the ' +
      'system in which they were set; their ids are unique in the session.',
    example: '||1s',
    glue: /^/,
    run: systems,
  },
];
