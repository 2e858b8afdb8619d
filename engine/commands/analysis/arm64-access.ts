import type { Fault } from './crash.ts';

const OPERAND =
  /\[(x\d+|sp)(?:, (?:#(-?(?:0x[0-9a-f]+|\d+))|([xw]\d+)(?:, (?:lsl|[su]xt[wx])(?: #(\d+))?)?))?\]/;

/** The memory that a load or a store is at, as GDB writes them: `ldr x0, [x1, #8]`. */
export function arm64Access({ instruction, registers }: Fault) {
  const text = instruction?.text ?? '';
  const kind = /^st/.test(text)
    ? ('write' as const)
    : /^(?:ld|prfm|cas|swp)/.test(text)
      ? ('read' as const)
      : null;
  const [, name = '', offset, index, shift = '0'] = OPERAND.exec(text) ?? [];
  const value = registers.get(name);
  if (kind === null || value === undefined) return null;
  const more = index === undefined ? BigInt(offset?.replace(/^-/, '') ?? 0) : indexOf(registers, index);
  if (more === null) return null;
  const step = offset?.startsWith('-') ? -more : more << BigInt(shift);
  return { kind, address: BigInt.asUintN(64, value + step), size: 0, base: { name, value } };
}

function indexOf(registers: ReadonlyMap<string, bigint>, name: string): bigint | null {
  const value = registers.get(`x${name.slice(1)}`);
  if (value === undefined) return null;
  return name.startsWith('w') ? BigInt.asUintN(32, value) : value;
}
