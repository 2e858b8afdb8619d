import type { SymbolInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { address } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import type { Breakpoint } from './breakpoint.ts';
import { tryAddress } from './place.ts';
import { putIn, readOptions, threadOf } from './set.ts';

/** So many breakpoints a pattern may make. */
const MOST = 1000;
/** Symbols looked at for them. */
const LOOKED_AT = 20_000;

/** `bm [Options] SymbolPattern [Passes] ["Commands"]`: a breakpoint on every function that matches. */
export async function setByPattern(context: CommandContext, args: Args): Promise<void> {
  let data = false;
  let asAddress = false;
  let withTypes = false;
  const options = await readOptions(context, args, {
    a: () => {
      data = true;
    },
    d: () => {
      asAddress = true;
    },
    '(': () => {
      withTypes = true;
    },
  });
  const at = args.next;
  const pattern = args.quoted() ?? args.word() ?? args.fail(at);
  const passes = args.done || args.text[args.position] === '"' ? 1n : await context.evaluate(args);
  if (passes < 1n) throw engineErrors.badArgument('A breakpoint passes at least once', args.position);
  const commands = args.quoted() ?? '';
  args.expectEnd();
  const symbols = await matching(context, pattern, { data, withTypes });
  if (symbols.length === 0)
    throw engineErrors.badArgument(`No ${data ? 'symbol' : 'function'} matches '${pattern}'`, at);
  for (const found of symbols) {
    context.state.cancel.check();
    await setOn(context, found, asAddress, {
      ...options,
      passes: Number(passes),
      thread: threadOf(context),
      commands,
      owner: context.caller,
    });
  }
}

type Rest = Omit<Breakpoint, 'id' | 'kind' | 'expression' | 'info' | 'enabled'>;

async function setOn(
  context: CommandContext,
  found: SymbolInfo,
  asAddress: boolean,
  rest: Rest,
): Promise<void> {
  const { state } = context;
  const name = `@!"${found.module}!${found.name}"`;
  // One of several of the same name is known by its address alone.
  const named = !asAddress && (await tryAddress(state, name)) === found.address;
  const placed = await putIn(
    context,
    {
      id: state.breakpoints.freeId(),
      kind: named ? 'bu' : 'bp',
      expression: named ? name : `0x${found.address.toString(16)}`,
      info: null,
      enabled: true,
      ...rest,
    },
    found.address,
  );
  context.print(`${String(placed.id).padStart(3)}: ${address(found.address, state.pointerSize)} ${name}`);
}

/** Functions by name, or by name and types of parameters; each place once. */
async function matching(
  { state }: CommandContext,
  pattern: string,
  how: { readonly data: boolean; readonly withTypes: boolean },
): Promise<readonly SymbolInfo[]> {
  const cut = pattern.indexOf('!');
  const module = cut < 0 ? '*' : pattern.slice(0, cut);
  const name = pattern.slice(cut + 1);
  const found = await state.target.findSymbols(
    module,
    how.withTypes ? name.replace(/\(.*/, '*') : name,
    LOOKED_AT,
  );
  const seen = new Set<bigint>();
  const chosen = found.filter((each) => {
    if (seen.has(each.address) || !(how.data || each.kind === 'function')) return false;
    if (how.withTypes && !matchesWildcard(name, `${each.name}${parameters(each)}`)) return false;
    seen.add(each.address);
    return true;
  });
  if (chosen.length <= MOST) return chosen;
  throw engineErrors.tooMuch(`What '${pattern}' matches`, MOST, 'functions', 'Make the pattern narrower.');
}

function parameters({ type }: SymbolInfo): string {
  return `(${(type?.parameters ?? []).map((each) => each.name).join(', ')})`;
}
