import { toHawserError } from '../../../transports/errors/error.ts';
import type { OpenNodes, TreeNode, TypedValue } from '../../backend/types.ts';
import { quote, shortValue } from '../../format/values.ts';
import type { LocalsView, NodePath, QueryOf, ValueNode, WatchView } from '../../protocol/views.ts';
import { gdbExpression } from '../evaluate/cpp.ts';
import { masmValue } from '../scope.ts';
import type { DebuggerState } from '../state.ts';
import { travelling } from './text.ts';

const EDITABLE = new Set<TypedValue['type']['kind']>(['int', 'char', 'bool', 'enum', 'float', 'pointer']);

export async function localsView(state: DebuggerState, { open }: QueryOf<'locals'>): Promise<LocalsView> {
  const { scope, nodes } = await state.target.localTrees(state.context, opened(open));
  return { scope, nodes: nodes === null ? null : nodes.map((node) => show(state, node)) };
}

export async function watchView(
  state: DebuggerState,
  { expressions, open }: QueryOf<'watch'>,
): Promise<WatchView> {
  const rows = await Promise.all(expressions.map((text) => translated(state, text)));
  const good = rows.flatMap((row) => (row.expression === null ? [] : [[row.name, row.expression] as const]));
  const trees = await state.target.expressionTrees(state.context, good, opened(open));
  const nodes = new Map(trees.map((node) => [node.name, node]));
  return {
    nodes: rows.map(({ name, error }) => {
      const node = nodes.get(name);
      if (!node) return unavailable(name, error);
      // What was typed, not what GDB was given for it.
      const shown = show(state, node);
      return node.error === undefined ? { ...shown, expression: name } : shown;
    }),
  };
}

async function translated(
  state: DebuggerState,
  name: string,
): Promise<{ readonly name: string; readonly expression: string | null; readonly error: string }> {
  try {
    const expression = await gdbExpression(state, name, (inner) => masmValue(state, inner));
    return { name, expression, error: '' };
  } catch (thrown) {
    return { name, expression: null, error: toHawserError(thrown).message };
  }
}

/** Paths, as one tree. */
function opened(paths: readonly NodePath[]): OpenNodes {
  const root: Record<string, OpenNodes> = Object.create(null);
  for (const path of paths) {
    let at = root;
    for (const name of path) {
      at[name] ??= Object.create(null) as Record<string, OpenNodes>;
      at = at[name] as Record<string, OpenNodes>;
    }
  }
  return root;
}

const unavailable = (name: string, error: string): ValueNode => ({
  name,
  type: '',
  value: `<${error}>`,
  expression: null,
  address: null,
  editable: false,
  parameter: false,
  expandable: false,
  children: null,
});

function show(state: DebuggerState, node: TreeNode): ValueNode {
  const { name, value, expression = null, isParameter, expandable, children, error } = node;
  if (error !== undefined) return unavailable(name, error);
  return {
    name,
    type: value?.type.name ?? '',
    value: value ? (node.text ?? valueText(state, value)) : '',
    expression,
    address: value?.address == null ? null : travelling(value.address),
    editable: state.kind !== 'core' && expression !== null && isScalar(value),
    ...(value && bitsOf(state, value)),
    parameter: isParameter,
    expandable,
    children: children ? children.map((child) => show(state, child)) : null,
  };
}

/** The type stands beside it: of what has parts there is nothing more to say. */
function valueText(state: DebuggerState, value: TypedValue): string {
  const { kind } = value.type;
  if (value.unavailable === undefined && /^(?:array|struct|union|class)$/.test(kind))
    return value.string === undefined ? '{…}' : quote(value.string);
  return shortValue(value, state.pointerSize);
}

/** Of a whole number, as wide as its type; of what is wider than 64 bits nothing. */
function bitsOf(state: DebuggerState, { type, integer, unavailable }: TypedValue): { bits: string } | null {
  const size = type.kind === 'pointer' || type.kind === 'reference' ? state.pointerSize : type.size;
  if (integer === undefined || unavailable !== undefined || size < 1 || size > 8) return null;
  return {
    bits: BigInt.asUintN(size * 8, integer)
      .toString(16)
      .padStart(size * 2, '0'),
  };
}

const isScalar = (value: TypedValue | null): boolean =>
  value !== null && value.unavailable === undefined && EDITABLE.has(value.type.kind);
