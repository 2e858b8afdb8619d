import type { Helper } from './helper.ts';
import type { MiResult } from './mi/connection.ts';

/** What the parts of the back end have in common. */
export interface Engine {
  readonly helper: Helper;
  /** A command of MI; rejects with TARGET_RUNNING while the target runs. */
  send(command: string): Promise<MiResult>;
  /** A command of GDB's own language; its answer is dropped. */
  console(command: string): Promise<void>;
  /** GDB's number of a thread by the debugger's index. */
  gdbThread(index: number): number;
}

/** Hexadecimal digits, as the helper sends addresses. */
export function fromHex(digits: string): bigint {
  return BigInt(`0x${digits}`);
}
