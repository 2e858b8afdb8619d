import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { z } from '../../../transports/zod.ts';
import { LOOK_BYTES } from '../../machine/look.ts';
import type { StubMethod, StubNotifications, StubRequests } from '../protocol.ts';

const text = z.string().max(64 * 1024);
const path = z.string().max(16 * 1024);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const time = z.number().min(0);
const pid = z.int().min(0).max(0x7fffffff);
const hex = z.string().regex(/^[0-9a-f]{1,16}$/i);
const channel = z.int().min(1).max(0xffff);
const nothing = z.object({});

const machine = z.object({
  host: text,
  user: text,
  system: text,
  release: text,
  architecture: text,
  cwd: path,
  home: path,
});
const entry = z.object({
  pid,
  parent: pid,
  name: text,
  user: text,
  // An argument list may be megabytes; the frame caps it.
  commandLine: z.string(),
  architecture: text,
  started: time,
  obstacle: text.nullable(),
});
const details = z.object({
  entry,
  executable: path,
  args: z.array(z.string()),
  threads: count,
  mappings: z.array(z.object({ start: hex, end: hex, offset: hex, path })),
});
const folder = z.object({
  path,
  parent: path.nullable(),
  entries: z.array(
    z.object({ name: text, kind: z.enum(['folder', 'program', 'file', 'other']), size: count }),
  ),
  more: z.boolean(),
});
const image = z.object({
  path,
  size: count,
  modified: time,
  buildId: z
    .string()
    .regex(/^[0-9a-f]{1,128}$/i)
    .nullable(),
  architecture: text,
});

/** What a server may answer to each request: it is believed no more than anybody else. */
const answers = {
  'stub/begin': z.object({
    resumeToken: z.string().min(1).max(256),
    resumeWindow: z
      .number()
      .min(0)
      .max(7 * 24 * 3_600_000),
    resumed: z.array(z.object({ id: channel, received: count })).nullable(),
    machine,
    version: text,
    implicitCommandLine: text.nullable(),
  }),
  'stub/processes': z.object({ processes: z.array(entry) }),
  'stub/process': z.object({ process: details }),
  'stub/folder': z.object({ folder }),
  'stub/program': z.object({ image }),
  'stub/images': z.object({ images: z.array(image.nullable()) }),
  'stub/openFile': z.object({ size: count }),
  'stub/disposition': z.object({ disposition: z.enum(['default', 'ignored', 'caught', 'unknown']) }),
  'stub/look': z.object({
    files: z
      .array(
        z.object({
          path: text,
          link: text.nullable(),
          mode: count,
          data: z
            .string()
            .max(LOOK_BYTES * 2)
            .nullable(),
        }),
      )
      .max(65_536),
  }),
  'stub/openDebugger': z.object({ version: text, input: z.union([z.literal(true), text]) }),
  'stub/closeDebugger': nothing,
  'stub/stopTarget': nothing,
  'stub/holdChild': nothing,
  'stub/openWire': z.object({ trans: text, peer: text, host: text, reliable: z.boolean() }),
  'stub/breakIn': z.object({ sent: z.boolean() }),
  'stub/wires': z.object({
    wires: z.array(z.object({ trans: text, title: text, takenBy: text.nullable() })).max(1000),
  }),
  'stub/closeChannel': nothing,
  'stub/endServer': nothing,
  'stub/leave': nothing,
  'stub/ping': nothing,
} as const satisfies { readonly [M in StubMethod]: z.ZodType<StubRequests[M]['result'] | object> };

/** @throws HawserError `PROTOCOL_VIOLATION` that names the field */
export function checkAnswer<M extends StubMethod>(method: M, value: unknown): StubRequests[M]['result'] {
  return check(method, answers[method], value) as StubRequests[M]['result'];
}

const notifications = {
  'stub/debuggerSaid': z.object({ channel, line: text }),
  'stub/debuggerEnded': z.object({ channel, how: text }),
  'stub/channelFailed': z.object({
    channel,
    error: z.object({
      code: z.string().max(64),
      message: z.string().max(4096),
      action: z.string().max(4096),
      data: z.record(z.string(), z.unknown()),
    }),
  }),
} as const satisfies { readonly [N in keyof StubNotifications]: z.ZodType<StubNotifications[N]> };

export type Notification = {
  [N in keyof StubNotifications]: { readonly method: N; readonly params: StubNotifications[N] };
}[keyof StubNotifications];

export const notificationNames = Object.keys(notifications) as readonly (keyof StubNotifications)[];

/** @throws HawserError `PROTOCOL_VIOLATION` that names the field */
export function checkNotification(method: keyof StubNotifications, params: unknown): Notification {
  return { method, params: check(method, notifications[method], params) } as Notification;
}

function check(method: string, schema: z.ZodType, value: unknown): unknown {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issue = error.issues[0];
  throw connectionErrors.protocolViolation(
    `${method}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    error,
  );
}
