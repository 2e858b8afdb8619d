import type { TreeNode, TypedValue } from '../backend/types.ts';
import { hexDigits, symbol } from './address.ts';
import { characterText, quote } from './values.ts';

/** How `dx` shows numbers and texts. */
export interface ModelStyle {
  /** `,x` `,d` `,o` `,b`; null: signed numbers decimal, unsigned ones hexadecimal. */
  readonly base: 16 | 10 | 8 | 2 | null;
  /** `,en`: without the number. */
  readonly namesOnly: boolean;
  /** `,c`: as a character. */
  readonly character: boolean;
  /** `,sb`: a text without its quotes. */
  readonly bare: boolean;
}

const NAME_WIDTH = 16;
const PREFIXES = { 16: '0x', 10: '', 8: '0', 2: '0y' } as const;

/** `[+0x008] next             : 0x5555555592c0 [Type: node *]`: what stands before the value, and the value. */
export function modelLine(node: TreeNode, style: ModelStyle): string {
  const name = `${placeText(node)}${node.name.padEnd(NAME_WIDTH)}`;
  return `${name} ${modelValue(node, style)}`;
}

/** `: 7 [Type: int]`; of an object without a value of its own its type alone. */
export function modelValue(node: TreeNode, style: ModelStyle): string {
  if (node.error !== undefined) return `: ${node.error}`;
  const { value } = node;
  if (!value) return '';
  const text = valueText(node, value, style);
  return `${text === '' ? '' : `: ${text} `}[Type: ${value.type.name}]`;
}

/** `[+0x003 ( 0: 0)] `: offset, and of a bit-field its first and last bit. */
function placeText({ place }: TreeNode): string {
  if (!place) return '';
  const { offset, bitPosition = 0, bitSize } = place;
  const bits =
    bitSize === undefined
      ? ''
      : ` (${String(bitPosition).padStart(2)}:${String(bitPosition + bitSize - 1).padStart(2)})`;
  return `[+0x${hexDigits(offset, 3)}${bits}] `;
}

/** '' where there is none: a structure whose type does not know how to print itself. */
export function valueText({ text }: Pick<TreeNode, 'text'>, value: TypedValue, style: ModelStyle): string {
  const shown = text ?? value.text;
  if (value.unavailable !== undefined) return value.unavailable;
  if (shown !== undefined) return style.bare ? shown.replace(/^"(.*)"$/s, '$1') : shown;
  switch (value.type.kind) {
    case 'struct':
    case 'union':
    case 'class':
      return '';
    case 'array':
      return value.string === undefined ? '' : textOf(value.string, style);
    case 'pointer':
    case 'reference':
      return pointerText(value, style);
    default:
      return scalarText(value, style);
  }
}

const textOf = (text: string, { bare }: ModelStyle): string => (bare ? text : quote(text));

function pointerText(value: TypedValue, style: ModelStyle): string {
  const address = `0x${BigInt.asUintN(64, value.integer ?? 0n).toString(16)}`;
  if (value.string !== undefined) return `${address} : ${textOf(value.string, style)}`;
  return value.symbol && value.type.target?.kind === 'function'
    ? `${address} : ${symbol(value.symbol)}`
    : address;
}

function scalarText(value: TypedValue, style: ModelStyle): string {
  const { type, integer = 0n } = value;
  switch (type.kind) {
    case 'float':
      return value.float ?? '';
    case 'bool':
      return integer === 0n ? 'false' : 'true';
    case 'enum': {
      if (!value.enumerator) return number(value, style);
      return style.namesOnly ? value.enumerator : `${value.enumerator} (${number(value, style)})`;
    }
    case 'char':
      return style.character
        ? characterText(integer, type.size)
        : `${number(value, style)} ${characterText(integer, type.size)}`;
    default:
      if (type.size === 0) return type.name;
      return style.character ? characterText(integer) : number(value, style);
  }
}

function number({ type, integer = 0n }: TypedValue, { base }: ModelStyle): string {
  const chosen = base ?? (type.signed === false && type.kind === 'int' ? 16 : 10);
  if (chosen === 10) return String(integer);
  return `${PREFIXES[chosen]}${BigInt.asUintN(type.size * 8, integer).toString(chosen)}`;
}
