/** `@H`, `@M text` and their like: what Remote.exe takes for itself of what is typed. */
export type SessionCommand =
  | { readonly kind: 'help' | 'leave' | 'end' }
  | { readonly kind: 'message' | 'popUp'; readonly text: string };

const KINDS = { h: 'help', q: 'leave', k: 'end' } as const;
const SPEAKING = { m: 'message', p: 'popUp' } as const;

/** Null: it is a line for the program (`@echo off` is one). */
export function sessionCommand(line: string): SessionCommand | null {
  const match = /^@([hqkmp])(?:\s+(.*))?$/i.exec(line.trimEnd());
  const letter = match?.[1]?.toLowerCase();
  const text = match?.[2] ?? '';
  if (letter === undefined) return null;
  if (letter === 'm' || letter === 'p') return { kind: SPEAKING[letter], text };
  return text === '' ? { kind: KINDS[letter as keyof typeof KINDS] } : null;
}
