import { address as wide } from '../../format/address.ts';
import { effectiveAddress, memoryOperand } from '../../format/operands.ts';
import { littleEndian } from '../memory/read.ts';
import { describeSignal, signalName } from '../stops/signals.ts';
import { type Crash, type Finding, regionAt } from './crash.ts';

/** SIGFPE. */
export async function arithmetic(crash: Crash): Promise<Finding> {
  const { signal, instruction } = crash;
  const { text, code } = describeSignal(signal ?? { name: 'SIGFPE', number: 8 });
  if ((signal?.code ?? 1) !== 1)
    return { problem: text.toUpperCase().replace(/[^A-Z]+/g, '_'), code, cause: [`${text}.`] };
  const divisor = await divisorOf(crash);
  const at = instruction ? ` (${instruction.text.replace(/\s+/g, ' ')})` : '';
  if (divisor !== null && divisor !== 0n)
    return {
      problem: 'INTEGER_DIVIDE_OVERFLOW',
      code: 0xc0000095,
      cause: [
        `The quotient does not fit${at}: the divisor is ${divisor}, and the smallest number was divided by -1, or the dividend is too large.`,
      ],
    };
  return { problem: 'INTEGER_DIVIDE_BY_ZERO', code, cause: [`An integer was divided by zero${at}.`] };
}

const PARTS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32, l: 8 };

/** What `div` and `idiv` divide by; null: not known. */
async function divisorOf({ instruction, registers, state }: Crash): Promise<bigint | null> {
  const operand = /^i?div\s+(.+)$/.exec(instruction?.text ?? '')?.[1]?.trim();
  if (operand === undefined || !instruction) return null;
  if (/^\w+$/.test(operand)) {
    const found = /^(?:(r\d+)([bwd]?)|r([a-z]{2})|e([a-z]{2})|([a-z]{2}))$/.exec(operand);
    const [, numbered, part, full, low] = found ?? [];
    const name = numbered ?? (full || low ? `r${full ?? low}` : null);
    const value = name === null ? undefined : registers.get(name);
    if (value === undefined) return null;
    return BigInt.asIntN(numbered ? (PARTS[part ?? ''] ?? 64) : full ? 64 : 32, value);
  }
  const memory = memoryOperand(instruction.text);
  const at = memory && effectiveAddress(memory, registers);
  if (!memory || at === null || memory.size === 0) return null;
  const { bytes, readable } = await state.target.readMemory(at, memory.size);
  return readable === null ? BigInt.asIntN(memory.size * 8, littleEndian(bytes, 0, memory.size)) : null;
}

/** SIGILL. */
export async function illegalInstruction(crash: Crash): Promise<Finding> {
  const { instruction, ip } = crash;
  const code = 0xc000001d;
  const text = instruction?.text ?? '(bad)';
  if (/^(?:ud[012]|udf|brk)\b/.test(text))
    return {
      problem: 'TRAP_INSTRUCTION',
      code,
      cause: [
        `The program ran into ${text.trim()}, which a compiler puts where code must never come: __builtin_trap, a check of its own, or behind undefined behaviour.`,
      ],
    };
  const region = regionAt(crash, ip);
  const unknown = /\(bad\)/.test(text);
  return {
    problem: 'ILLEGAL_INSTRUCTION',
    code,
    cause: [
      unknown
        ? `There is no instruction at ${wide(ip)}${region && !region.path.startsWith('/') ? ', and no code of a file either: the program jumped to the wrong place' : ''}.`
        : `This processor does not have the instruction (${text.replace(/\s+/g, ' ')}).`,
    ],
  };
}

/** SIGTRAP. */
export async function trap(crash: Crash): Promise<Finding> {
  return {
    problem: 'BREAKPOINT',
    code: 0x80000003,
    cause: [
      crash.signal?.sender
        ? `${senderText(crash)} has sent SIGTRAP.`
        : 'The program ran into a breakpoint of its own (int3), and no debugger had set it.',
    ],
  };
}

/** SIGSYS; `names`: of system calls, by number. */
export async function badSystemCall(crash: Crash): Promise<Finding> {
  const { signal, state } = crash;
  const number = signal?.syscall;
  const [name = null] = number === undefined ? [] : await state.target.syscallNames([number]);
  const call =
    number === undefined ? 'A system call' : `The system call ${name ?? 'with the number'} (${number})`;
  return {
    problem: `INVALID_SYSTEM_CALL${name === null ? '' : `_${name}`}`,
    code: 0xc000001c,
    cause: [`${call} is not allowed: a filter (seccomp) of the program, or of its sandbox, refuses it.`],
    ...(number === undefined
      ? {}
      : { facts: [['SYSTEM_CALL', `${name ?? ''} (${number})`.trim()] as const] }),
  };
}

/** A signal that a process has sent, and one that nobody handles. */
export function sentSignal(crash: Crash): Finding {
  const { signal } = crash;
  if (!signal) return stopped();
  return {
    problem: `SIGNAL_${signal.name}`,
    code: describeSignal(signal).code,
    cause: [
      signal.sender
        ? `${senderText(crash)} has sent ${signalName(signal)}; the instruction has nothing to do with it.`
        : `The program got ${signalName(signal)}, and does not handle it.`,
    ],
  };
}

function senderText({ signal, state }: Crash): string {
  const pid = signal?.sender?.pid ?? 0;
  return pid === state.process?.pid ? 'The program itself' : pid === 0 ? 'The kernel' : `Process 0n${pid}`;
}

function stopped(): Finding {
  return {
    problem: 'BREAKPOINT',
    code: 0x80000003,
    cause: ['No signal is waiting: the debugger has stopped the target, and nothing is known to be wrong.'],
  };
}
