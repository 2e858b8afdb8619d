import type { NodePath, ValueNode } from '../../engine/protocol/views.ts';

/** A node of a tree of values, as a row. */
export interface ValueRow {
  /** Unique in the tree. */
  readonly id: string;
  readonly path: NodePath;
  readonly node: ValueNode;
  readonly open: boolean;
}

export const pathId = (path: NodePath): string => JSON.stringify(path);

/** What is in sight of a tree: its open nodes, and what is in them. */
export function valueRows(
  nodes: readonly ValueNode[],
  open: ReadonlySet<string>,
  above: NodePath = [],
): ValueRow[] {
  const rows: ValueRow[] = [];
  for (const node of nodes) {
    const path = [...above, node.name];
    const id = pathId(path);
    const isOpen = node.expandable && open.has(id);
    rows.push({ id, path, node, open: isOpen });
    if (isOpen && node.children) for (const row of valueRows(node.children, open, path)) rows.push(row);
  }
  return rows;
}

/** Every value by the id of its row. */
export function valuesById(nodes: readonly ValueNode[] | null | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (some: readonly ValueNode[], above: NodePath) => {
    for (const node of some) {
      const path = [...above, node.name];
      found.set(pathId(path), node.value);
      if (node.children) walk(node.children, path);
    }
  };
  walk(nodes ?? [], []);
  return found;
}

/** What one begins with when typing a value over: as C++ reads it. */
export function editableText(value: string): string {
  const decimal = /^(?:.* \()?0n(-?\d+)\)?$/.exec(value)?.[1];
  if (decimal !== undefined) return decimal;
  const number = /^(-?\d+) '/.exec(value)?.[1] ?? /^(0x[0-9a-f`]+)/.exec(value)?.[1];
  return (number ?? value).replaceAll('`', '');
}
