import type { TypedValue, TypeInfo } from '../backend/types.ts';
import { address, symbol } from './address.ts';

/** A value in one piece, as `dv`, `x` and `kp` show it. */
export function shortValue(value: TypedValue, pointerSize: 4 | 8 = 8): string {
  if (value.unavailable !== undefined) return `<${value.unavailable.replace(/^<|>$/g, '')}>`;
  if (value.text !== undefined) return value.text;
  if (value.type.size === 0 && value.integer !== undefined) return value.type.name;
  switch (value.type.kind) {
    case 'pointer':
    case 'reference':
      return pointerText(value, pointerSize);
    case 'array':
      return `${value.type.name}${value.string === undefined ? '' : ` ${quote(value.string)}`}`;
    case 'struct':
    case 'union':
    case 'class':
      return value.type.name;
    default:
      return scalarText(value);
  }
}

function pointerText(value: TypedValue, pointerSize: 4 | 8): string {
  const where = `0x${address(BigInt.asUintN(64, value.integer ?? 0n), pointerSize)}`;
  if (value.string !== undefined) return `${where} ${quote(value.string)}`;
  return value.symbol ? `${where} ${symbol(value.symbol)}` : where;
}

/** Numbers: signed ones decimal with `0n`, unsigned ones hexadecimal. */
export function scalarText(value: TypedValue): string {
  const { type, integer = 0n } = value;
  switch (type.kind) {
    case 'float':
      return value.float ?? '';
    case 'bool':
      return integer === 0n ? 'false' : 'true';
    case 'char':
      return `${integer} ${characterText(integer, type.size)}`;
    case 'enum':
      return value.enumerator ? `${value.enumerator} (${decimal(integer)})` : decimal(integer);
    default:
      return isSigned(type) ? decimal(integer) : `0x${BigInt.asUintN(64, integer).toString(16)}`;
  }
}

function isSigned(type: TypeInfo): boolean {
  return type.signed ?? true;
}

function decimal(value: bigint): string {
  return `0n${value}`;
}

/** `'b'`, `''` for what does not print. `size`: of its type, in bytes. */
export function characterText(value: bigint, size = 1): string {
  if (size === 4 && value > 0x7en && value <= 0x10ffffn)
    return `'${printable(String.fromCodePoint(Number(value)))}'`;
  const code = Number(BigInt.asUintN(8, value));
  return code >= 0x20 && code < 0x7f ? `'${String.fromCharCode(code)}'` : "''";
}

/** In double quotes, on one line. */
export function quote(text: string): string {
  const escaped = [...text].map((character) => ESCAPES[character] ?? printable(character));
  return `"${escaped.join('')}"`;
}

function printable(character: string): string {
  return character < ' ' || character === '\u007f' ? '.' : character;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
};
