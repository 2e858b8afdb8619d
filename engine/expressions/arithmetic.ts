import { engineErrors } from '../errors.ts';
import type { BinaryOperator } from './ast.ts';

const BITS = 64;

export function unsigned(value: bigint): bigint {
  return BigInt.asUintN(BITS, value);
}

/** A number of 32 bits whose highest is set, as one of 64. */
export function signExtended(value: bigint): bigint {
  return value >= 0x8000_0000n && value <= 0xffff_ffffn ? value | 0xffff_ffff_0000_0000n : value;
}

const truth = (condition: boolean): bigint => (condition ? 1n : 0n);

function quotient(left: bigint, right: bigint, remainder: boolean): bigint {
  if (right === 0n) throw engineErrors.operand();
  return remainder ? left % right : left / right;
}

/** Shift counts beyond the width shift everything out. */
function shift(left: bigint, right: bigint, operator: '<<' | '>>' | '>>>'): bigint {
  const count = right > 64n ? 64n : right;
  if (operator === '<<') return left << count;
  return operator === '>>' ? left >> count : BigInt.asIntN(BITS, left) >> count;
}

const OPERATIONS: Readonly<Record<BinaryOperator, (left: bigint, right: bigint) => bigint>> = {
  '*': (left, right) => left * right,
  '/': (left, right) => quotient(left, right, false),
  mod: (left, right) => quotient(left, right, true),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '<<': (left, right) => shift(left, right, '<<'),
  '>>': (left, right) => shift(left, right, '>>'),
  '>>>': (left, right) => shift(left, right, '>>>'),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  and: (left, right) => left & right,
  xor: (left, right) => left ^ right,
  or: (left, right) => left | right,
};

/** On unsigned 64-bit numbers, wrapping round. */
export function applyBinary(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  return unsigned(OPERATIONS[operator](left, right));
}
