import type { FieldInfo, TypedValue, TypeInfo } from '../backend/types.ts';
import { address, hexDigits, symbol } from './address.ts';
import { characterText, quote } from './values.ts';

/** A type as `dt` names it: `Int4B`, `Ptr64 node`, `[16] Char`. */
export function typeName(type: TypeInfo, pointerSize: 4 | 8 = 8): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed === false ? 'Uint' : 'Int'}${type.size}B`;
    case 'char':
      return type.signed === false ? 'UChar' : 'Char';
    case 'bool':
      return 'Bool';
    case 'float':
      return { 4: 'Float', 8: 'Double' }[type.size] ?? `Float${type.size}B`;
    case 'pointer':
    case 'reference':
      return `Ptr${pointerSize * 8} ${type.target ? pointedName(type.target, pointerSize) : 'Void'}`;
    case 'array':
      return `[${type.count ?? 0}] ${type.target ? typeName(type.target, pointerSize) : ''}`.trimEnd();
    case 'void':
      return 'Void';
    default:
      return bareName(type);
  }
}

function pointedName(target: TypeInfo, pointerSize: 4 | 8): string {
  // A pointer to a function names what the function returns.
  if (target.kind === 'function')
    return `    ${target.target ? typeName(target.target, pointerSize) : 'Void'} `;
  return typeName(target, pointerSize);
}

/** Without `struct` and its like. */
export function bareName(type: TypeInfo): string {
  return type.name.replace(/^(struct|union|class|enum) /, '').replace('{...}', '<unnamed-tag>');
}

/** A value as a field of `dt`. */
export function fieldValue(value: TypedValue, field: FieldInfo | null, pointerSize: 4 | 8 = 8): string {
  if (value.unavailable !== undefined) return value.unavailable;
  const { type, integer = 0n } = value;
  if (field?.bitSize !== undefined)
    return `0y${BigInt.asUintN(field.bitSize, integer).toString(2).padStart(field.bitSize, '0')}`;
  switch (type.kind) {
    case 'pointer':
    case 'reference':
      return pointerValue(value, pointerSize);
    case 'array':
      return arrayValue(value, pointerSize);
    case 'struct':
    case 'union':
    case 'class':
      return bareName(type);
    case 'char':
      return `${integer} ${characterText(integer, type.size)}`;
    case 'bool':
      return String(integer);
    case 'enum':
      return `${decimal(integer)} ( ${value.enumerator ?? 'No matching name'} )`;
    case 'float':
      return value.float ?? '';
    default:
      return type.signed === false ? `0x${BigInt.asUintN(64, integer).toString(16)}` : decimal(integer);
  }
}

const decimal = (value: bigint): string => `0n${value}`;

function pointerValue(value: TypedValue, pointerSize: 4 | 8): string {
  const number = BigInt.asUintN(64, value.integer ?? 0n);
  if (number === 0n) return '(null) ';
  const where = `0x${address(number, pointerSize)}`;
  if (value.string !== undefined) return `${where}  ${quote(value.string)}`;
  const target = value.type.target;
  if (target?.kind !== 'function') return `${where} ${target ? typeName(target, pointerSize) : 'Void'}`;
  return `${where}     ${target.target ? typeName(target.target) : 'Void'}${value.symbol ? `  ${symbol(value.symbol)}` : ''}`;
}

/** Count and first element; a text whole. */
function arrayValue(value: TypedValue, pointerSize: 4 | 8): string {
  const count = `[${value.type.count ?? value.elements?.length ?? 0}]`;
  if (value.string !== undefined) return `${count}  ${quote(value.string)}`;
  const [first] = value.elements ?? [];
  const text = first
    ? fieldValue(first, null, pointerSize)
    : value.type.target && typeName(value.type.target);
  return `${count} ${text ?? ''}`.trimEnd();
}

const NAME_WIDTH = 16;
const INDENT = 3;

/** ``   +0x008 next             : ``. */
export function fieldStart(field: FieldInfo, level: number): string {
  const where = field.isStatic
    ? '=static'
    : field.isVirtual
      ? '=virtual'
      : `+0x${hexDigits(field.offset, 3)}`;
  return `${' '.repeat(INDENT * (level + 1))}${where} ${field.name.padEnd(NAME_WIDTH)} : `;
}

/** The type of a field, with the place of a bit-field. */
export function fieldType(field: FieldInfo, pointerSize: 4 | 8 = 8): string {
  if (field.bitSize === undefined) return typeName(field.type, pointerSize);
  const unit = field.bitSize === 1 ? 'Bit' : 'Bits';
  return `Pos ${field.bitPosition ?? 0}, ${field.bitSize} ${unit}`;
}
