import type { OutputKind } from '../../engine/protocol/session.ts';

/** What a line of the Command window is; the position is what the line table stores. */
export const lineKinds = [
  'normal',
  'error',
  'warning',
  'verbose',
  'prompt-registers',
  'debuggee',
  'debuggee-input',
  'session',
  'command',
  'command-other',
  'dropped',
  'message',
] as const satisfies readonly (OutputKind | 'command' | 'command-other' | 'dropped' | 'message')[];

export type LineKind = (typeof lineKinds)[number];

const codes = new Map<LineKind, number>(lineKinds.map((kind, code) => [kind, code]));

export const codeOf = (kind: LineKind): number => codes.get(kind) ?? 0;
export const kindOf = (code: number): LineKind => lineKinds[code] ?? 'normal';
