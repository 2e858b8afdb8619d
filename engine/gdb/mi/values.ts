import type { MiTuple, MiValue } from './parser.ts';

/** Reading of parsed records: what is missing or of another shape is '', [] or an empty tuple. */

export function text(values: MiTuple, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

export function list(values: MiTuple, name: string): readonly MiValue[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}

export function tuple(values: MiTuple, name: string): MiTuple {
  return asTuple(values[name]);
}

export function asTuple(value: MiValue | undefined): MiTuple {
  return typeof value === 'object' && !Array.isArray(value) ? (value as MiTuple) : {};
}

/** `0x…` or decimal; null where it is no number. */
export function address(values: MiTuple, name: string): bigint | null {
  const value = text(values, name);
  return /^(0x[0-9a-f]+|[0-9]+)$/i.test(value) ? BigInt(value) : null;
}
