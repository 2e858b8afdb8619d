import type { OpenNodes, TreeNode, TreeReading } from '../../backend/types.ts';
import type { Engine } from '../parts.ts';
import type { Modules } from './modules.ts';
import { withSymbols } from './queries.ts';
import { TypeReader, type TypeRow, type ValueRow } from './values.ts';

/** A node as python/trees.py sends it. */
interface NodeRow {
  readonly n: string;
  readonly v?: ValueRow;
  readonly d?: string;
  readonly e?: string;
  readonly p?: 1;
  readonly h?: 1;
  readonly k?: readonly NodeRow[];
  readonly u?: string;
  /** Of a member: offset, and of a bit-field its first bit and width. */
  readonly f?: readonly [number, number?, number?];
}

interface TreesAnswer {
  readonly scope: string;
  readonly nodes: readonly NodeRow[] | null;
  readonly types: readonly TypeRow[];
}

interface Place {
  readonly thread: number;
  readonly frame: number;
}

export interface LocalTrees {
  readonly scope: string;
  readonly nodes: readonly TreeNode[] | null;
}

export async function localTrees(
  { helper }: Engine,
  modules: Modules,
  place: Place,
  opened: OpenNodes,
): Promise<LocalTrees> {
  const answer = await helper.call<TreesAnswer>('local_trees', { ...place, opened });
  return { scope: answer.scope, nodes: answer.nodes && (await readNodes(modules, answer)) };
}

export async function expressionTrees(
  { helper }: Engine,
  modules: Modules,
  place: Place,
  expressions: readonly (readonly [name: string, expression: string])[],
  opened: OpenNodes,
  reading: TreeReading,
): Promise<readonly TreeNode[]> {
  if (expressions.length === 0) return [];
  const answer = await helper.call<TreesAnswer>('expression_trees', {
    ...place,
    expressions,
    opened,
    ...reading,
  });
  return readNodes(modules, answer);
}

function readNodes(modules: Modules, { nodes, types }: TreesAnswer): Promise<readonly TreeNode[]> {
  const reader = new TypeReader(types);
  const read = async (row: NodeRow): Promise<TreeNode> => ({
    name: row.n,
    value: row.v ? await withSymbols(modules, reader.value(row.v)) : null,
    isParameter: row.p === 1,
    expandable: row.h === 1,
    ...(row.d !== undefined && { text: row.d }),
    ...(row.f && { place: placeOf(row.f) }),
    ...(row.e !== undefined && { expression: row.e }),
    ...(row.u !== undefined && { error: row.u }),
    ...(row.k && { children: await all(row.k) }),
  });
  const all = async (rows: readonly NodeRow[]): Promise<readonly TreeNode[]> => {
    const found: TreeNode[] = [];
    for (const row of rows) found.push(await read(row));
    return found;
  };
  return all(nodes ?? []);
}

function placeOf([offset, bitPosition, bitSize]: NonNullable<NodeRow['f']>): NonNullable<TreeNode['place']> {
  return bitSize === undefined ? { offset } : { offset, bitPosition: bitPosition ?? 0, bitSize };
}
