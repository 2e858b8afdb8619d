import { z } from '../../transports/zod.ts';

/**
 * The contract between a Remote.exe server and its clients: JSON-RPC 2.0 on channel 0 after a hello of the kind `remote`.
 * Text is what a window shows, line feeds included.
 */
export interface SharedConsoleRequests {
  /** First of all. The last lines follow as `console/text` before the answer. */
  'console/attach': { params: { readonly lines: number }; result: SharedConsoleWelcome };
  /** A line for the program, or a session command (`@M text`). */
  'console/type': { params: { readonly line: string }; result: Record<string, never> };
  'console/leave': { params: Record<string, never>; result: Record<string, never> };
}

export interface SharedConsoleWelcome {
  readonly name: string;
  readonly command: string;
  readonly host: string;
  /** Whose program it is. */
  readonly user: string;
}

/** Server to client. */
export interface SharedConsoleNotifications {
  'console/text': { readonly text: string };
}

/** Longest line that is taken; what a terminal takes is 4,095 bytes. */
export const LONGEST_LINE = 16_384;
export const MOST_LINES = 100_000;
export const DEFAULT_LINES = 200;

export const attachParams = z.strictObject({ lines: z.int().min(0).max(MOST_LINES) });
export const typeParams = z.strictObject({ line: z.string().max(LONGEST_LINE) });
export const textParams = z.object({ text: z.string() });
export const welcome = z.object({
  name: z.string(),
  command: z.string(),
  host: z.string(),
  user: z.string(),
});
