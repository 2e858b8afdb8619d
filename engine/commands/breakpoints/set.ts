import { engineErrors } from '../../errors.ts';
import { evaluate } from '../../expressions/evaluate.ts';
import { parseMasm } from '../../expressions/parser.ts';
import { address } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { createScope } from '../scope.ts';
import type { Breakpoint } from './breakpoint.ts';
import { canWait, isUnresolved, place, unplace } from './place.ts';
import { expectSlot } from './slots.ts';

/** `bp[ID] [/1] [Address [Passes]] ["Commands"]`, and `ba[ID] Access Size …`. */
export async function setBreakpoint(
  context: CommandContext,
  args: Args,
  kind: Breakpoint['kind'],
): Promise<void> {
  const { state } = context;
  const id = /^\d/.test(args.text.slice(args.position)) && kind !== 'ba' ? args.decimal() : null;
  const access = kind === 'ba' ? readAccess(args) : undefined;
  const oneShot = readOptions(args);
  const at = args.done ? args.end : args.position;
  const place = await readPlace(context, args);
  if (access && place.address !== null && place.address % BigInt(access.size) !== 0n) {
    throw engineErrors.badArgument(
      `The address 0x${place.address.toString(16)} is no multiple of the size ${access.size}; hardware watches aligned places only`,
      at,
    );
  }
  const passes = args.done || args.text[args.position] === '"' ? 1n : await context.evaluate(args);
  if (passes < 1n) throw engineErrors.badArgument('A breakpoint passes at least once', args.position);
  const commands = args.quoted() ?? '';
  args.expectEnd();
  const breakpoint: Breakpoint = {
    id: id ?? state.breakpoints.freeId(),
    kind: place.address === null ? 'bu' : kind,
    expression: place.expression,
    ...(access ? { access } : {}),
    info: null,
    enabled: true,
    oneShot,
    passes: Number(passes),
    thread: context.prefix && !context.prefix.all ? (context.prefix.threads[0] ?? null) : null,
    commands,
    owner: context.caller,
  };
  if (place.address === null && kind === 'bp') {
    context.print(`Bp expression '${place.expression}' could not be resolved, adding deferred bp`);
  }
  await putIn(context, breakpoint, place.address);
}

/** In the place of the one that stands there, or that has its id. */
async function putIn(context: CommandContext, breakpoint: Breakpoint, at: bigint | null): Promise<void> {
  const { state, host } = context;
  const twin = at === null || breakpoint.access ? undefined : state.breakpoints.at(at);
  const before = state.breakpoints.get(breakpoint.id) ?? twin;
  if (breakpoint.access) expectSlot(state, before);
  const wanted = before ? { ...breakpoint, id: before.id } : breakpoint;
  if (before) {
    await unplace(state, before);
    state.breakpoints.delete(before.id);
    context.print(`breakpoint ${before.id} redefined`);
  }
  await place(state, wanted);
  state.breakpoints.set(wanted);
  host.breakpointsChanged();
  if (at !== null && !breakpoint.access) await warnUnmapped(context, wanted, at);
}

/** It may be mapped by the time it counts, so it is taken all the same. */
async function warnUnmapped({ state, host }: CommandContext, { id }: Breakpoint, at: bigint): Promise<void> {
  const { readable } = await state.target.readMemory(at, 1);
  if (readable === null || readable[0] !== 0) return;
  host.output(
    'warning',
    `WARNING: There is no memory at ${address(at, state.pointerSize)}; the target cannot go on while breakpoint ${id} is enabled there.\n`,
  );
}

function readOptions(args: Args): boolean {
  let oneShot = false;
  for (let match = args.match(/\/(\S+)/y); match; match = args.match(/\/(\S+)/y)) {
    if (match[1] !== '1') args.fail(args.position - match[0].length);
    oneShot = true;
  }
  return oneShot;
}

function readAccess(args: Args): NonNullable<Breakpoint['access']> {
  const at = args.position;
  const match = args.match(/([erw])\s*([1248])(?=\s)/iy);
  const type = match?.[1]?.toLowerCase();
  const size = Number(match?.[2]);
  if ((type !== 'e' && type !== 'r' && type !== 'w') || (type === 'e' && size !== 1)) args.fail(at);
  return { type, size };
}

/** The place's text, and its address; null when a name in it is not known yet. */
async function readPlace(
  { state }: CommandContext,
  args: Args,
): Promise<{ readonly expression: string; readonly address: bigint | null }> {
  const at = args.done || args.text[args.position] === '"' ? -1 : args.position;
  if (at < 0) return { expression: '.', address: await evaluateText(state, '.', 0) };
  const { node, end } = parseMasm(args.text, at, state.radix);
  args.position = end;
  const expression = args.text.slice(at, end);
  try {
    return { expression, address: await evaluate(node, createScope(state), args.text) };
  } catch (error) {
    if (!isUnresolved(error) || !canWait(expression)) throw error;
    return { expression, address: null };
  }
}

function evaluateText(state: CommandContext['state'], text: string, at: number): Promise<bigint> {
  return evaluate(parseMasm(text, at, state.radix).node, createScope(state), text);
}
