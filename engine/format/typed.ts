import type { TypedValue, TypeInfo } from '../backend/types.ts';
import { address, symbol } from './address.ts';
import { characterText, quote } from './values.ts';

const INTEGERS: Readonly<Record<number, string>> = {
  1: 'char',
  2: 'short',
  4: 'int',
  8: 'int64',
  16: 'int128',
};

/** A type as `??` names it: `unsigned int64`, `struct node *`. */
export function cppTypeName(type: TypeInfo): string {
  switch (type.kind) {
    case 'int':
    case 'char':
      return `${type.signed === false ? 'unsigned ' : ''}${INTEGERS[type.size] ?? type.name}`;
    case 'pointer':
      return type.target
        ? `${cppTypeName(type.target)}${/\*$/.test(cppTypeName(type.target)) ? '*' : ' *'}`
        : type.name;
    case 'array':
      return arrayName(type);
    case 'struct':
    case 'union':
    case 'class':
    case 'enum':
      return `${type.kind} ${type.name.replace(/^(struct|union|class|enum) /, '')}`;
    default:
      return type.name;
  }
}

/** `int [2][3]`: the outermost count first. */
function arrayName(type: TypeInfo): string {
  let counts = '';
  let element: TypeInfo | undefined = type;
  for (; element?.kind === 'array'; element = element.target) counts += `[${element.count ?? 0}]`;
  return element ? `${cppTypeName(element)} ${counts}` : type.name;
}

/** The first line that `??` prints: type and value. */
export function typedLine(value: TypedValue, pointerSize: 4 | 8): string {
  const { type, integer = 0n } = value;
  const name = cppTypeName(type);
  if (value.unavailable !== undefined) return `${name} <${value.unavailable.replace(/^<|>$/g, '')}>`;
  switch (type.kind) {
    case 'int':
      return `${name} ${type.signed === false ? `0x${BigInt.asUintN(type.size * 8, integer).toString(16)}` : `0n${integer}`}`;
    case 'char':
      return `${name} ${integer} ${characterText(integer, type.size)}`;
    case 'bool':
      return `${name} ${integer === 0n ? 'false' : 'true'}`;
    case 'enum':
      return `${name} ${value.enumerator ?? ''}${value.enumerator ? ` (0n${integer})` : `0n${integer}`}`;
    case 'float':
      return `${name} ${value.float ?? ''}`;
    case 'pointer':
    case 'reference':
      return `${name} ${pointerText(value, pointerSize)}`;
    case 'array':
      return `${name} ${placeText(value, pointerSize)}${value.string === undefined ? '' : ` ${quote(value.string)}`}`;
    case 'function':
      return `${type.name} ${placeText(value, pointerSize)}`;
    default:
      return value.text === undefined ? name : `${name} ${value.text}`;
  }
}

function pointerText(value: TypedValue, pointerSize: 4 | 8): string {
  const number = BigInt.asUintN(64, value.integer ?? 0n);
  if (number === 0n) return '(null) ';
  const where = `0x${address(number, pointerSize)}`;
  if (value.string !== undefined) return `${where} ${quote(value.string)}`;
  return value.symbol && value.type.target?.kind === 'function' ? `${where} ${symbol(value.symbol)}` : where;
}

const placeText = (value: TypedValue, pointerSize: 4 | 8): string =>
  value.address === null ? '' : `0x${address(value.address, pointerSize)}`;
