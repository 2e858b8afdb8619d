import { effectiveAddress, memoryOperand } from '../../format/operands.ts';
import type { DebuggerState } from '../state.ts';
import type { ExceptionRecord } from '../system.ts';
import { arm64Access } from './arm64-access.ts';
import { type Fault, readFault, regionAt, wordAt } from './crash.ts';

export type AccessKind = 'read' | 'write' | 'execute';

/** What an instruction did when it was stopped. */
export interface Access {
  readonly kind: AccessKind;
  readonly address: bigint;
  /** In bytes; 0 where that is not known. */
  readonly size: number;
  /** Register that the address came from, without what was added to it. */
  readonly base: { readonly name: string; readonly value: bigint } | null;
}

/** With memory as their first operand these read it. */
const READS_FIRST =
  /^(?:cmp|test|bt|mul|imul|div|idiv|push|call|jmp|prefetch|fld|fild|fadd|fsub|fmul|fdiv|ldmxcsr|u?comis|ptest|vptest|vu?comis|fxrstor|xrstor|lgdt|lidt|nop)/;
/** These have a word on the stack beside their operands. */
const PUSHES = /^(?:push|call|enter)/;
const POPS = /^(?:pop|ret|leave|iret)/;
const PREFIX = /^(?:rep[nz]*e?|lock|bnd|notrack|data16)\s+/;

/** What the instruction was at; `address`: where the processor says it failed, null where it does not. */
export function accessesOf(fault: Fault): Access[] {
  const { state, instruction, registers } = fault;
  const arm64 = state.isArm64 ? arm64Access(fault) : null;
  if (arm64) return [arm64];
  if (!instruction || !state.isX64) return [];
  const text = instruction.text.replace(PREFIX, '').replace(PREFIX, '');
  const found: Access[] = operandsOf(text).flatMap((operand, index) => {
    const memory = memoryOperand(`${text.split(/\s/, 1)[0]} ${operand}`);
    const address = memory && effectiveAddress(memory, registers);
    if (!memory || address === null) return [];
    const kind = index === 0 && !READS_FIRST.test(text) ? 'write' : 'read';
    const value = memory.base === null ? undefined : registers.get(memory.base);
    const base = memory.base === null || value === undefined ? null : { name: memory.base, value };
    return [{ kind, address, size: memory.size, base }];
  });
  const sp = registers.get('rsp');
  if (sp === undefined) return found;
  const stack = { name: 'rsp', value: sp };
  if (PUSHES.test(text))
    found.push({ kind: 'write', address: BigInt.asUintN(64, sp - 8n), size: 8, base: stack });
  if (POPS.test(text)) found.push({ kind: 'read', address: sp, size: 8, base: stack });
  return found;
}

function operandsOf(text: string): string[] {
  const operands = text.replace(/\s*[#<].*$/, '').replace(/^\S+\s*/, '');
  return operands === '' ? [] : operands.split(/,(?![^[]*\])/);
}

/** A vector may begin before the page that is missing. */
const WIDEST = 64n;

/** The access that failed at the address that the system tells. */
export async function failedAccess(fault: Fault, address: bigint): Promise<Access> {
  const here = regionAt(fault, fault.ip);
  const runs = here === null ? fault.instruction !== null : here.execute;
  if (address === fault.ip && !runs) return { kind: 'execute', address, size: 0, base: null };
  const found = accessesOf(fault).find(
    (access) => address >= access.address && address - access.address < WIDEST,
  );
  if (found) return { ...found, address };
  const store = /^(?:st[a-z]*|dc\s)/.test(fault.instruction?.text ?? '');
  return { kind: fault.state.isArm64 && store ? 'write' : 'read', address, size: 0, base: null };
}

const PARAMETERS = { read: 0n, write: 1n, execute: 8n } as const;

/** The parameters of Windows' exception records for access violations: what was tried, and the address. Of others what the system says. */
export async function exceptionParameters(
  state: DebuggerState,
  { signal, thread, address }: Omit<ExceptionRecord, 'address'> & { readonly address: bigint | null },
): Promise<readonly bigint[]> {
  if (signal.address === undefined) return [];
  if (signal.name !== 'SIGSEGV') return [BigInt.asUintN(64, BigInt(signal.code ?? 0)), signal.address];
  const fault = await readFault(state, thread, signal);
  // Once it has gone on, nobody knows what it had tried.
  const known = address === null || address === fault.ip;
  const kind = known ? (await failedAccess(fault, signal.address)).kind : 'read';
  return [PARAMETERS[kind], signal.address];
}

/** Where a jump, call or return would have gone on; null: the instruction is none, or it cannot be said. */
export async function jumpTarget(fault: Fault): Promise<bigint | null> {
  const { instruction, registers } = fault;
  if (!instruction) return null;
  const text = instruction.text.replace(PREFIX, '');
  if (fault.state.isArm64) {
    const name = /^(?:br|blr)\w*\s+(x\d+)|^(ret)\b/.exec(text);
    return name ? (registers.get(name[1] ?? 'x30') ?? null) : null;
  }
  if (/^ret/.test(text)) return wordAt(fault, registers.get('rsp') ?? 0n);
  const operand = /^(?:call|jmp)\s+(.+)$/.exec(text)?.[1];
  if (operand === undefined) return null;
  const named = registers.get(operand.trim());
  if (named !== undefined) return named;
  const memory = memoryOperand(text);
  const at = memory && effectiveAddress(memory, registers);
  return at === null ? null : wordAt(fault, at);
}
