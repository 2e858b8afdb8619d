import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** The processes that a process has started. */
export function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It has ended.
    return '';
  }
}

export const hasGdb = (pid: number | undefined) =>
  childrenOf(pid).some((child) => /^gdb/.test(nameOf(child)));

/** The GDB of a debugger. @throws when it has none */
export function gdbOf(pid: number | undefined): number {
  const found = childrenOf(pid).find((child) => /^gdb/.test(nameOf(child)));
  if (found === undefined) throw new Error(`process ${pid} has no GDB`);
  return found;
}

/** Whether a process is there, and no zombie. */
export function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const untilGone = (pid: number) =>
  expect.poll(() => lives(pid), { timeout: 60_000, interval: 20 }).toBe(false);
