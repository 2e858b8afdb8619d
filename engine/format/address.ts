import type { SymbolHit } from '../backend/types.ts';

/** ``00005555`55555149``. */
export function hex64(value: bigint): string {
  const digits = BigInt.asUintN(64, value).toString(16).padStart(16, '0');
  return `${digits.slice(0, 8)}\`${digits.slice(8)}`;
}

/** An address as wide as the target's pointers. */
export function address(value: bigint, pointerSize: 4 | 8 = 8): string {
  return pointerSize === 8 ? hex64(value) : hexDigits(value, 8);
}

/** A result of an expression: 32 bits wide on a 32-bit target where it is a number of so many, its sign extended or not. */
export function resultText(value: bigint, pointerSize: 4 | 8): string {
  const high = value >> 32n;
  const isShort = high === 0n || (high === 0xffff_ffffn && (value & 0x8000_0000n) !== 0n);
  return pointerSize === 4 && isShort ? hexDigits(value & 0xffff_ffffn, 8) : hex64(value);
}

/** Hexadecimal without a prefix, at least `digits` long. */
export function hexDigits(value: bigint | number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** `+0x17`; '' for 0. */
export function offset(value: bigint): string {
  return value === 0n ? '' : `+0x${value.toString(16)}`;
}

/** `loop!work+0x17`; `loop+0x1160` where only the module is known. */
export function symbol(hit: SymbolHit): string {
  if (hit.name === '') return `${hit.module}${offset(hit.offset)}`;
  return `${hit.module}!${hit.name}${offset(hit.offset)}`;
}

/** `loop!work+0x17`, or the bare address where nothing is known of it. */
export function symbolOr(value: bigint, hit: SymbolHit | null | undefined, pointerSize: 4 | 8 = 8): string {
  return hit ? symbol(hit) : `0x${address(value, pointerSize)}`;
}
