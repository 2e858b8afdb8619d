import type { DebuggerState } from '../state.ts';

/** A place's address, with the rights of who asks. */
export type Evaluate = (state: DebuggerState, text: string) => Promise<bigint>;
