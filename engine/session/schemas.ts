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

const position = z.number().int().min(0).max(1_000_000);
const expression = z.string().max(4096);
const open = z.array(z.array(z.string().max(1000)).max(64)).max(2000);

/** What windows ask for; the limits bound an answer. */
const viewQuery = z.discriminatedUnion('view', [
  z.object({ view: z.literal('registers'), groups: z.array(z.string().max(100)).max(50) }),
  z.object({ view: z.literal('stack'), limit: z.number().int().min(1).max(10_000), parameters: z.boolean() }),
  z.object({ view: z.literal('locals'), open }),
  z.object({ view: z.literal('watch'), expressions: z.array(expression).max(500), open }),
  z.object({
    view: z.literal('disassembly'),
    at: expression,
    before: z.number().int().min(0).max(500),
    after: z.number().int().min(1).max(500),
    source: z.boolean().optional(),
  }),
  z.object({
    view: z.literal('memory'),
    at: expression,
    offset: z.string().regex(/^-?\d{1,20}$/),
    length: z.number().int().min(1).max(65_536),
    symbols: z.boolean().optional(),
  }),
  z.object({ view: z.literal('threads'), from: position, count: z.number().int().min(0).max(500) }),
  z.object({ view: z.literal('breakpoints') }),
  z.object({ view: z.literal('modules') }),
  z.object({
    view: z.literal('source'),
    file: z.string().max(4096),
    known: z.string().max(4096),
    threads: z.boolean().optional(),
  }),
  z.object({
    view: z.literal('sources'),
    filter: z.string().max(1000),
    limit: z.number().int().min(1).max(1000),
  }),
  z.object({ view: z.literal('events') }),
  z.object({ view: z.literal('paths') }),
]);

/** What each request may carry; everything from outside is checked against it before use. */
export const paramSchemas = {
  'session/attach': z.object({ after: z.number().int().min(0), window: z.number().int().min(1) }),
  'session/execute': z.object({ command: z.string().max(COMMAND_MAX), commandId }),
  'session/breakIn': nothing,
  'session/input': z.object({ text: z.string().max(COMMAND_MAX) }),
  'session/complete': z.object({ text: z.string().max(COMMAND_MAX), caret: z.number().int().min(0) }),
  'session/views': z.object({ queries: z.array(viewQuery).min(1).max(32) }),
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
