import { engineErrors } from '../../errors.ts';
import { address } from '../../format/address.ts';
import { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { instructionPointer } from '../pseudo.ts';
import type { Breakpoint } from './breakpoint.ts';
import { deferredLine, place, unplace } from './place.ts';
import { type Place, readPlace } from './read-place.ts';
import { expectSlot } from './slots.ts';

/** `bp[ID] [/1] [Address [Passes]] ["Commands"]`, and `ba[ID] Access Size …`. */
export async function setBreakpoint(
  context: CommandContext,
  args: Args,
  kind: Breakpoint['kind'],
): Promise<void> {
  const { state } = context;
  const id = await readId(context, args);
  if (id !== null && state.breakpoints.isElsewhere(id)) {
    throw engineErrors.badArgument(
      `Breakpoint ${id} is one of another system (|| lists them)`,
      args.position,
    );
  }
  const access = kind === 'ba' ? readAccess(args) : undefined;
  const options = await readOptions(context, args);
  const at = args.done ? args.end : args.position;
  const place = await placeFor(context, args);
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
    ...options,
    passes: Number(passes),
    thread: threadOf(context),
    commands,
    owner: context.caller,
  };
  if (place.address === null && kind === 'bp') {
    context.print(deferredLine(place.expression));
  }
  await putIn(context, breakpoint, place.address);
}

export function threadOf({ prefix }: CommandContext): number | null {
  return prefix && !prefix.all ? (prefix.threads[0] ?? null) : null;
}

/** Glued to the command: `bp3`, `bp[@$t0]`. */
async function readId(context: CommandContext, args: Args): Promise<number | null> {
  const next = args.text[args.position] ?? '';
  if (/\d/.test(next)) return args.decimal();
  if (next !== '[') return null;
  args.position++;
  const id = await context.evaluate(args);
  if (!args.take(']')) args.fail();
  return Number(id);
}

/** In the place of the one that stands there, or that has its id. */
export async function putIn(
  context: CommandContext,
  breakpoint: Breakpoint,
  at: bigint | null,
): Promise<Breakpoint> {
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
  return wanted;
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

export type BreakpointOptions = Pick<Breakpoint, 'oneShot' | 'condition' | 'depth'>;

/** `/1`, `/w "expression"`, `/c N`, `/C N`; `more`: letters that a command has beside, and that are told to it. */
export async function readOptions(
  context: CommandContext,
  args: Args,
  more: Readonly<Record<string, () => void>> = {},
): Promise<BreakpointOptions> {
  let oneShot = false;
  let condition = '';
  let depth = { below: 0, above: 0 };
  for (;;) {
    const at = args.next;
    const option = args.match(/\/([1wcCpt]|[ad(](?=\s))/y)?.[1];
    if (option === undefined) {
      if (args.text[args.next] === '/') args.fail(at);
      return { oneShot, condition, depth };
    }
    if (option === '1') oneShot = true;
    else if (option === 'w') condition = readCondition(args);
    else if (option === 'c') depth = { below: await readDepth(context, args), above: 0 };
    else if (option === 'C') depth = { below: 0, above: await readDepth(context, args) };
    else if (option === 'p' || option === 't') throw ofKernels(option);
    else (more[option] ?? (() => args.fail(at)))();
  }
}

function readCondition(args: Args): string {
  const at = args.next;
  return args.quoted() || args.fail(at);
}

/** The calls that are on the stack, the current one included, as `k` lists them. */
async function readDepth(context: CommandContext, args: Args): Promise<number> {
  const word = /\S+/y;
  const at = args.next;
  word.lastIndex = at;
  const end = at + (word.exec(args.text)?.[0].length ?? 0);
  const depth = await context.evaluate(new Args(args.line, at, end));
  args.position = end;
  if (depth < 1n || depth > 100_000n)
    throw engineErrors.badArgument('The depth of calls is 1 to 100000 frames, as k lists them', at);
  return Number(depth);
}

function ofKernels(option: string): Error {
  return engineErrors.unsupported(
    `/${option}`,
    'it is for process objects of a Windows kernel',
    option === 't'
      ? 'A thread is given before the command: ~2 bp; a task of a Linux kernel by /w.'
      : 'Each process here has breakpoints of its own; a task of a Linux kernel is given by /w.',
  );
}

function readAccess(args: Args): NonNullable<Breakpoint['access']> {
  const at = args.next;
  const match = args.match(/([erw])\s*([1248])(?=\s)/iy);
  const type = match?.[1]?.toLowerCase();
  const size = Number(match?.[2]);
  if (type !== 'e' && type !== 'r' && type !== 'w')
    throw engineErrors.badArgument('Access and size are e1, or r or w with 1, 2, 4 or 8: ba w4 Address', at);
  if (type === 'e' && size !== 1)
    throw engineErrors.badArgument('What executes has the size 1: ba e1 Address', at);
  return { type, size };
}

/** What stands in the arguments, or here. */
async function placeFor(context: CommandContext, args: Args): Promise<Place> {
  if (!args.done && args.text[args.position] !== '"') return readPlace(context, args);
  return { expression: '.', address: await instructionPointer(context.state) };
}
