import { z } from 'zod';
import { engineErrors } from '../errors.ts';
import type { SessionMethod, SessionRequests } from '../protocol/session.ts';

z.config({ jitless: true });

/** Longest command line taken: scripts are pasted, but nobody types a megabyte. */
const COMMAND_MAX = 1 << 20;
const nothing = z
  .object({})
  .or(z.undefined())
  .transform(() => ({}));
const commandId = z.string().min(1).max(100);

/** What each request may carry; everything from outside is checked against it before use. */
export const paramSchemas = {
  'session/attach': z.object({ after: z.number().int().min(0), window: z.number().int().min(1) }),
  'session/execute': z.object({ command: z.string().max(COMMAND_MAX), commandId }),
  'session/breakIn': nothing,
  'session/input': z.object({ text: z.string().max(COMMAND_MAX) }),
  'session/complete': z.object({ text: z.string().max(COMMAND_MAX), caret: z.number().int().min(0) }),
  'session/clients': nothing,
  'session/servers': nothing,
  'session/startServer': z.object({
    connection: z.string().max(4096),
    password: z.string().max(128).optional(),
  }),
  'session/endServer': z.object({ id: z.number().int().min(0) }),
  'session/cancelTransfer': z.object({ id: z.number().int().min(1) }),
  'session/removeClient': z.object({ id: z.number().int().min(1) }),
  'session/setRole': z.object({ id: z.number().int().min(1), role: z.enum(['controller', 'viewer']) }),
  'session/leave': nothing,
  'session/end': z.object({ target: z.enum(['kill', 'detach']) }),
  'session/ping': nothing,
} as const satisfies Record<SessionMethod, z.ZodType>;

export const ackSchema = z.object({ seq: z.number().int().min(0) });

export function isSessionMethod(method: string): method is SessionMethod {
  return Object.hasOwn(paramSchemas, method);
}

/** @throws HawserError `BAD_REQUEST` that names the field. */
export function checkParams<M extends SessionMethod>(
  method: M,
  params: unknown,
): SessionRequests[M]['params'] {
  const result = paramSchemas[method].safeParse(params);
  if (result.success) return result.data as SessionRequests[M]['params'];
  const issue = result.error.issues[0];
  throw engineErrors.badRequest(`${method}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}
