import type { BreakpointSpec } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Node } from '../../expressions/ast.ts';
import { translateCpp } from '../../expressions/cpp.ts';
import { evaluate } from '../../expressions/evaluate.ts';
import { parseMasm } from '../../expressions/parser.ts';
import type { CommandHost } from '../host.ts';
import { createScope } from '../scope.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import type { Breakpoint } from './breakpoint.ts';

type Where = BreakpointSpec['where'];

/** Puts a breakpoint into the target; one that cannot be placed yet is left to wait for its module. */
export async function place(state: DebuggerState, breakpoint: Breakpoint): Promise<void> {
  if (state.kind !== 'live') return;
  const where = await whereOf(state, breakpoint);
  breakpoint.info = await state.target.insertBreakpoint({
    where,
    oneShot: breakpoint.oneShot,
    ignoreCount: breakpoint.passes - 1,
    pending: where.kind === 'symbol' || where.kind === 'line',
    ...(breakpoint.thread === null ? {} : { thread: breakpoint.thread }),
    ...(breakpoint.condition === '' ? {} : { condition: await gdbCondition(state, breakpoint.condition) }),
    ...(breakpoint.depth.below ? { depthBelow: breakpoint.depth.below } : {}),
    ...(breakpoint.depth.above ? { depthAbove: breakpoint.depth.above } : {}),
  });
  if (!breakpoint.enabled) await state.target.enableBreakpoint(breakpoint.info.number, false);
  const { address } = breakpoint.info;
  if (address === null || breakpoint.kind === 'bu') return;
  breakpoint.module = (await state.modules()).find(
    ({ start, end }) => start <= address && address < end,
  )?.path;
}

/** What stands at addresses of modules that are gone stands nowhere; names wait for theirs. */
export async function dropUnloaded(system: System, host: CommandHost): Promise<void> {
  if (system.unloaded.size === 0) return;
  const loaded = new Set((await system.modules()).map(({ path }) => path));
  const gone = [...system.unloaded].filter((path) => !loaded.has(path));
  system.unloaded.clear();
  for (const breakpoint of system.breakpoints.all()) {
    if (breakpoint.module === undefined || !gone.includes(breakpoint.module)) continue;
    if (breakpoint.info) await system.target.deleteBreakpoint(breakpoint.info.number).catch(() => {});
    system.breakpoints.delete(breakpoint.id);
    host.breakpointsChanged();
  }
}

/** Takes it out of the target. */
export async function unplace(state: DebuggerState, breakpoint: Breakpoint): Promise<void> {
  const { info } = breakpoint;
  breakpoint.info = null;
  if (info && state.kind === 'live') await state.target.deleteBreakpoint(info.number);
}

/** Places all of them in a target that has just been opened. */
export async function placeAgain(state: DebuggerState, host: CommandHost): Promise<void> {
  for (const breakpoint of state.breakpoints.all()) {
    breakpoint.info = null;
    await place(state, breakpoint);
  }
  if (state.breakpoints.all().length > 0) host.breakpointsChanged();
}

/** As GDB tests it by itself; a name of a module that is not loaded yet is left to what GDB finds then. */
function gdbCondition(state: DebuggerState, text: string): Promise<string> {
  const { target, context } = state;
  return translateCpp(text, {
    register: async (name) => `$${GDB_REGISTERS[name] ?? name}`,
    masm: async () => {
      throw engineErrors.unsupported(
        'A MASM expression in /w',
        'GDB tests the condition, each time the breakpoint is reached',
        'bsc has conditions of that kind: bsc 0 poi(loop!g_count) > 5.',
      );
    },
    symbol: async (module, name) => (await target.symbolExpression(module, name, context)) ?? name,
    type: async (module, name, stars) =>
      module === null ? null : target.typePointer(module, name, stars, context),
  });
}

const GDB_REGISTERS: Readonly<Record<string, string>> = { $ip: 'pc', $csp: 'sp' };

async function whereOf(state: DebuggerState, { expression, access, kind }: Breakpoint): Promise<Where> {
  // By its name, so that it comes and goes with its module.
  const named = kind === 'bu' ? deferrable(expression) : null;
  if (named?.kind === 'symbol') return named;
  const address = await tryAddress(state, expression);
  if (access) {
    if (address === null) throw engineErrors.unresolved(expression, 0);
    return access.type === 'e'
      ? { kind: 'hardwareExecute', address }
      : { kind: 'data', address, size: access.size, access: access.type === 'w' ? 'w' : 'rw' };
  }
  return address === null ? deferred(expression) : { kind: 'address', address };
}

/** The address that an expression stands for now; null when a name in it is not known yet. */
export async function tryAddress(state: DebuggerState, expression: string): Promise<bigint | null> {
  const { node } = parseMasm(expression, 0, state.radix);
  try {
    return await evaluate(node, createScope(state), expression);
  } catch (error) {
    if (isUnresolved(error)) return null;
    throw error;
  }
}

export function isUnresolved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNRESOLVED';
}

/** Whether the back end can wait for a place that is not known yet. */
export function canWait(expression: string): boolean {
  return deferrable(expression) !== null;
}

export function deferredLine(expression: string): string {
  return `Bp expression '${expression}' could not be resolved, adding deferred bp`;
}

/** Whether a name that is not known may become so: its module is not loaded yet, or its symbols are not. */
export async function mayCome(state: DebuggerState, expression: string): Promise<boolean> {
  const wanted = moduleIn(parseMasm(expression, 0, state.radix).node)?.toLowerCase();
  if (wanted === undefined) return false;
  const loaded = (await state.modules()).filter(({ name }) => name.toLowerCase() === wanted);
  return loaded.every(({ symbols }) => symbols === 'deferred');
}

function moduleIn(node: Node): string | undefined {
  if (node.kind === 'name' || node.kind === 'line') return node.module ?? undefined;
  return node.kind === 'binary' ? moduleIn(node.left) : undefined;
}

function deferred(expression: string): Where {
  const where = deferrable(expression);
  if (!where) throw engineErrors.unresolved(expression, 0);
  return where;
}

/** What the back end is to wait for: a name with an offset, or a line. */
export function deferrable(expression: string): Where | null {
  const { node } = parseMasm(expression, 0, 16);
  if (node.kind === 'line' && node.file !== null) {
    return { kind: 'line', file: node.file, line: node.line ?? 1 };
  }
  if (node.kind === 'name') return { kind: 'symbol', module: node.module, name: node.name, offset: 0n };
  if (node.kind !== 'binary' || node.operator !== '+' || node.left.kind !== 'name') return null;
  const { left, right } = node;
  if (right.kind !== 'number') return null;
  return { kind: 'symbol', module: left.module, name: left.name, offset: right.value };
}
