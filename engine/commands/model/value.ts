import type { TreeNode } from '../../backend/types.ts';

/** A value of the debugger's object model, which `dx` shows: what the debugger has, not the program. */
export type ModelValue = bigint | boolean | string | ModelObject | ModelVariable;

export type Entry = readonly [name: string, value: ModelValue];

export interface ModelObject {
  /** In one line; '' where it has none. */
  readonly text: string;
  /** `x.Name`. */
  readonly members: () => Promise<readonly Entry[]>;
  /** Of a collection: what `x[key]` chooses from; names without brackets, as they are shown. */
  readonly elements?: () => Promise<readonly Entry[]>;
  /** The command that makes it the current one, where it can be. */
  readonly switches?: string;
}

/** A variable of the program. */
export interface ModelVariable {
  readonly node: TreeNode;
}

export const isVariable = (value: ModelValue): value is ModelVariable =>
  typeof value === 'object' && 'node' in value;

export const isObject = (value: ModelValue): value is ModelObject =>
  typeof value === 'object' && 'members' in value;

const nothing = async (): Promise<readonly Entry[]> => [];

export function objectOf(members: readonly Entry[], text = ''): ModelObject {
  return { text, members: async () => members };
}

export function collection(elements: () => Promise<readonly Entry[]>): ModelObject {
  return { text: '', members: nothing, elements };
}

export const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** As comparisons, sorting and `ToDisplayString` see it. */
export function plainText(value: ModelValue): string {
  if (typeof value === 'bigint') return hex(value);
  if (isVariable(value)) return value.node.text ?? value.node.value?.string ?? String(numberOf(value) ?? '');
  return isObject(value) ? value.text : String(value);
}

export function numberOf(value: ModelValue): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return isVariable(value) ? (value.node.value?.integer ?? null) : null;
}

export function isTrue(value: ModelValue): boolean {
  const number = numberOf(value);
  return number === null ? plainText(value) !== '' : number !== 0n;
}
