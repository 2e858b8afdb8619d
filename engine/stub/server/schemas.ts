import { z } from '../../../transports/zod.ts';
import { engineErrors } from '../../errors.ts';
import type { StubMethod, StubRequests } from '../protocol.ts';

/** As the system's longest path, and then some. */
const path = z
  .string()
  .max(8192)
  .refine((text) => !text.includes('\0'), 'has a NUL');
const channel = z.int().min(1).max(0xffff);
const pid = z.int().min(1).max(0x7fffffff);
const nothing = z
  .object({})
  .or(z.undefined())
  .transform(() => ({}));

/** What each request may carry; everything from outside is checked against it before use. */
const schemas = {
  'stub/begin': z.object({
    resume: z
      .array(z.object({ id: channel, received: z.int().min(0).max(Number.MAX_SAFE_INTEGER) }))
      .max(4096)
      .nullable(),
  }),
  'stub/processes': nothing,
  'stub/process': z.object({ pid }),
  'stub/folder': z.object({ path }),
  'stub/program': z.object({ program: path.min(1), cwd: path.nullable() }),
  'stub/images': z.object({ pid: pid.nullable(), paths: z.array(path).max(4096) }),
  'stub/openFile': z.object({
    channel,
    path,
    pid: pid.nullable(),
    offset: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    paced: z.boolean().optional(),
  }),
  'stub/disposition': z.object({ pid, signal: z.string().max(32) }),
  'stub/look': z.object({ paths: z.array(path.min(1)).max(4096) }),
  'stub/openDebugger': z.object({ channel, terminal: channel, paced: z.boolean().optional() }),
  'stub/closeDebugger': z.object({ channel }),
  'stub/stopTarget': z.object({ channel }),
  'stub/holdChild': z.object({ channel, pid, holds: z.boolean() }),
  'stub/openWire': z.object({ channel, trans: z.string().max(4096) }),
  'stub/breakIn': z.object({ channel }),
  'stub/wires': nothing,
  'stub/closeChannel': z.object({ channel }),
  'stub/endServer': nothing,
  'stub/leave': nothing,
  'stub/ping': nothing,
} as const satisfies Record<StubMethod, z.ZodType>;

export function isStubMethod(method: string): method is StubMethod {
  return Object.hasOwn(schemas, method);
}

/** @throws HawserError `BAD_REQUEST` that names the field. */
export function checkParams<M extends StubMethod>(method: M, params: unknown): StubRequests[M]['params'] {
  const result = schemas[method].safeParse(params);
  if (result.success) return result.data as StubRequests[M]['params'];
  const issue = result.error.issues[0];
  throw engineErrors.badRequest(`${method}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}
