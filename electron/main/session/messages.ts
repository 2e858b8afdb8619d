import type { Message } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import type { SessionMethod } from '../../../engine/protocol/session.ts';

z.config({ jitless: true });

const methods = [
  'session/attach',
  'session/execute',
  'session/breakIn',
  'session/input',
  'session/complete',
  'session/views',
  'session/clients',
  'session/servers',
  'session/startServer',
  'session/endServer',
  'session/cancelTransfer',
  'session/removeClient',
  'session/setRole',
  'session/leave',
  'session/end',
  'session/ping',
] as const satisfies readonly SessionMethod[];

const jsonrpc = z.literal('2.0');
const params = z.record(z.string(), z.unknown()).optional();

/**
 * What the page may say to a session. The parameters are checked where the session lives; here only what
 * decides whether a message is passed on.
 */
const fromPageSchema = z.union([
  z.strictObject({ jsonrpc, id: z.number().int(), method: z.enum(methods), params }),
  z.strictObject({ jsonrpc, method: z.literal('session/ack'), params }),
  z.strictObject({
    jsonrpc,
    method: z.literal('$/cancelRequest'),
    params: z.strictObject({ id: z.number().int() }),
  }),
]);

export type PageMessage = z.infer<typeof fromPageSchema>;

export function readPageMessage(data: unknown): PageMessage | null {
  const read = fromPageSchema.safeParse(data);
  return read.success ? read.data : null;
}

export interface IncomingMessage extends Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}
