import type { LocalNames } from '../aliases/table.ts';
import type { Control, Resumption } from '../entry.ts';
import type { Caller } from '../host.ts';

/** Where a breakpoint's commands leave what they want to resume with. */
export interface ResumeSlot {
  resumption: Resumption | null;
}

/** What a text is run as. */
export interface Frame {
  readonly caller: Caller;
  readonly slot: ResumeSlot | null;
  readonly local: LocalNames;
  /** Blocks, scripts and commands that run commands, within one another. */
  readonly depth: number;
  readonly inLoop: boolean;
  readonly inCatch: boolean;
  /** Commands that run the target are refused. */
  readonly looksOnly?: true;
}

/** What statements come to; a jump goes up to the loop or `.catch` that it is for. */
export type Outcome = Control & { readonly jump?: 'break' | 'continue' | 'leave' };

export function rootFrame(caller: Caller, slot: ResumeSlot | null): Frame {
  return { caller, slot, local: new Map(), depth: 0, inLoop: false, inCatch: false };
}

/** The frame without the rights of the session's owner: for text that did not come from the owner. */
export function lowered(frame: Frame): Frame {
  const { caller } = frame;
  return caller.role === 'owner' ? { ...frame, caller: { ...caller, role: 'controller' } } : frame;
}

/** Whether a word that stands for another may be more than a word: the target, or whoever wrote the file, has made it. */
export function mayHoldCommands(word: string): boolean {
  return /[;"{}]/.test(word);
}
