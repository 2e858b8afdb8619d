import type { Instruction } from '../backend/types.ts';
import { address, hexDigits } from './address.ts';

/** `loop!helper` for an address; null: unknown. */
export type NameAddress = (address: bigint) => string | null;

/** How a machine's instructions are written: as WinDbg does, or as GDB does. */
export type Syntax = 'x64' | 'arm64' | 'plain';

const BRANCH = /^((?:bnd |notrack )?(?:call|jmp|j[a-z]+|loop[a-z]*|xbegin))\s+(0x[0-9a-f]+)/;
const RELATIVE = /\[rip[+-]0x[0-9a-f]+\]/;

const ARM64_BRANCH = /^((?:bl?|b\.\w+|cbn?z|tbn?z)\s+(?:.*, )?)(0x[0-9a-f]+)/;

/** Addresses whose names {@link instructionText} will ask for. */
export function namedAddresses(instruction: Instruction): bigint[] {
  const found =
    BRANCH.exec(instruction.text)?.[2] ??
    ARM64_BRANCH.exec(instruction.text)?.[2] ??
    /#\s*(0x[0-9a-f]+)/.exec(instruction.text)?.[1];
  return found === undefined ? [] : [BigInt(found)];
}

/** ``00005555`5555514d e8defeffff      call    loop!helper (00005555`55555030)``. */
export function instructionLine(instruction: Instruction, name: NameAddress, syntax: Syntax): string {
  const { bytes, text } = instructionParts(instruction, name, syntax);
  return `${address(instruction.address)} ${syntax === 'arm64' ? bytes : bytes.padEnd(15)} ${text}`;
}

/** Its bytes in hexadecimal (on AArch64 as a word) and its text. */
export function instructionParts(
  instruction: Instruction,
  name: NameAddress,
  syntax: Syntax,
): { readonly bytes: string; readonly text: string } {
  const bytes = [...instruction.bytes].map((byte) => hexDigits(byte, 2));
  if (syntax === 'arm64') return { bytes: bytes.reverse().join(''), text: arm64Text(instruction, name) };
  const text = syntax === 'x64' ? instructionText(instruction, name) : plainText(instruction.text);
  return { bytes: bytes.join(''), text };
}

/** `bl          kernel!worker_loop (ffff8000`00200a44)`. */
function arm64Text(instruction: Instruction, name: NameAddress): string {
  const code = instruction.text.replace(/\s*\/\/.*$/, '').replace(/\s*<[^>]*>\s*$/, '');
  const text = code.replace(
    ARM64_BRANCH,
    (_, before: string, to: string) => before + named(BigInt(to), name),
  );
  const [mnemonic = '', ...operands] = text.split(/\s+/);
  return operands.length === 0 ? mnemonic : `${mnemonic.padEnd(11)} ${operands.join(' ')}`;
}

/** GDB's Intel syntax in MASM's spelling: the mnemonic in eight columns, then the operands. */
export function instructionText(instruction: Instruction, name: NameAddress): string {
  const branch = BRANCH.exec(instruction.text);
  if (branch) return layOut(`${branch[1] ?? ''} ${named(BigInt(branch[2] ?? '0'), name)}`);
  const [target] = namedAddresses(instruction);
  let text = instruction.text.replace(/\s*#.*$/, '').replace(/\s*<[^>]*>\s*$/, '');
  let reference = '';
  if (target !== undefined && RELATIVE.test(text)) {
    reference = `[${named(target, name)}]`;
    text = text.replace(RELATIVE, '\0');
  }
  return layOut(masm(text).replace('\0', () => reference));
}

function named(target: bigint, name: NameAddress): string {
  const found = name(target);
  return found === null ? address(target) : `${found} (${address(target)})`;
}

function masm(text: string): string {
  return text
    .replace(/^movabs\b/, 'mov')
    .replace(/\b([A-Z]+) PTR\b/g, (_, size: string) => `${size.toLowerCase()} ptr`)
    .replace(/\*1\b/g, '')
    .replace(/\+0x0\b(?=\])/g, '')
    .replace(/\b0x([0-9a-f]+)\b/g, (_, digits: string) => masmNumber(digits));
}

/** `8`, `14h`, `0FFh`. */
function masmNumber(digits: string): string {
  const upper = digits.toUpperCase();
  if (/^[0-9]$/.test(upper)) return upper;
  return `${/^[A-F]/.test(upper) ? '0' : ''}${upper}h`;
}

const PREFIXES = /^((?:(?:rep|repz|repe|repnz|repne|lock|bnd|notrack|data16|cs|ds|es|ss) )*)(\S+)\s*(.*)$/;

function layOut(text: string): string {
  const match = PREFIXES.exec(text.trim());
  const mnemonic = `${match?.[1] ?? ''}${match?.[2] ?? text}`;
  const operands = match?.[3] ?? '';
  return operands === '' ? mnemonic : `${mnemonic.padEnd(7)} ${operands}`;
}

function plainText(text: string): string {
  const [mnemonic = '', ...operands] = text.split(/\s+/);
  return operands.length === 0 ? mnemonic : `${mnemonic.padEnd(7)} ${operands.join(' ')}`;
}
