import type { PlacedVariable, Variable } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { framePlaces } from '../stack/places.ts';
import { sortedVariables, type VariableStyle, variableLines } from '../types/variables.ts';

const FLAG = /[/-]([itvVraAnNzZ])(?=\s|\/|-|$)/y;

async function locals(context: CommandContext, args: Args): Promise<Control | undefined> {
  const flags = new Set<string>();
  for (let match = args.match(FLAG); match; match = args.match(FLAG)) flags.add(match[1] ?? '');
  const { state } = context;
  const elsewhere = args.match(/[/-]f(?=\s)/y) ? await context.evaluate(args) : null;
  if (/[/-]/.test(args.text[args.next] ?? '')) args.fail(args.next);
  const pattern = args.quoted() ?? args.word() ?? '*';
  args.expectEnd();
  const all = elsewhere === null ? await here(context) : await at(context, elsewhere);
  const named = flags.has('r') ? decorated(all) : all;
  const chosen = named.filter(({ name }) => matchesWildcard(pattern, name));
  const style: VariableStyle = {
    types: flags.has('t'),
    places: flags.has('v') || flags.has('V') || elsewhere !== null,
    kinds: flags.has('i'),
    values: elsewhere === null,
    ...(flags.has('V') && elsewhere === null ? { relative: await framePlaces(state) } : {}),
  };
  if (all.length === 0 && elsewhere === null) await expectSymbols(context);
  if (chosen.length > 0)
    context.print(variableLines(sortedVariables(chosen, flags), style, state.pointerSize).join('\n'));
  return undefined;
}

/** Of the current frame. What is nowhere is there once, however many blocks of an inlined function it has. */
async function here({ state }: CommandContext): Promise<readonly Variable[]> {
  const all = await state.target.locals(state.context);
  const keys = all.map(({ name, value }) =>
    value.unavailable === undefined ? null : `${name} ${value.type.name} ${value.unavailable}`,
  );
  return all.filter((_, index) => keys[index] === null || keys.indexOf(keys[index] ?? '') === index);
}

/** Of the code at an address: variables without values. */
async function at({ state }: CommandContext, address: bigint): Promise<readonly PlacedVariable[]> {
  const found = await state.target.variablesAt(address);
  if (found === null) throw engineErrors.noLocals();
  return found;
}

/** Those that others hide are told apart: ``n`@0``, ``n`@1``. */
function decorated<T extends Variable>(variables: readonly T[]): readonly T[] {
  return variables.map((variable, index) => {
    const same = variables.filter(({ name }) => name === variable.name);
    const number = variables.slice(0, index).filter(({ name }) => name === variable.name).length;
    return same.length === 1 ? variable : { ...variable, name: `${variable.name}\`@${number}` };
  });
}

/** Nothing to show because there are none, or because the code has no debug information. */
async function expectSymbols({ state }: CommandContext): Promise<void> {
  const frames = await state.target.frames(state.thread, state.frame + 1);
  if (!frames[state.frame]?.source) throw engineErrors.noLocals();
}

export const localCommands: readonly CommandEntry[] = [
  {
    family: 'Stack and locals',
    needs: 'any',
    name: 'dv',
    syntax: [
      '[~Thread] dv [/i] [/t] [/v|/V] [/r] [/a|/A|/n|/N|/z|/Z] [Pattern]',
      'dv [Flags] /f Address ["Pattern"]',
    ],
    summary: 'Shows the local variables and parameters of the current frame.',
    help:
      '/t adds types, /v where each lives, /V that and its distance from the frame, /i whether it is a parameter, /r tells those of one name apart. /a, /n and /z sort by address, ' +
      'name and size, /A, /N and /Z the other way round. /f shows those of the code at an address without their values; what lies on its stack is told by its distance from the frame’s end ' +
      '(`cfa`, what the stack pointer is behind the call).',
    example: 'dv /t /v',
    differences:
      'What the optimiser has left out is shown as `<optimized out>`: it says more than WinDbg’s `<value unavailable>`.',
    glue: /^\//,
    run: locals,
  },
];
