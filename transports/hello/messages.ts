import type { ServerKind } from '../errors/peer-errors.ts';
import { z } from '../zod.ts';

/** The messages of the handshake: JSON in data frames of channel 0. Each has `hawser`, which says what it is. */

/** Payloads up to this size are read before a peer has said hello; a hello is some 300 bytes. */
export const MAX_HELLO_BYTES = 4096;
/** What a client reads of a server's answer, which may be an error with its data. */
export const MAX_ANSWER_BYTES = 16 * 1024;

/** A name that others get to see: no control or format characters, which would reach their consoles. */
const name = z
  .string()
  .max(128)
  .regex(/^\P{C}*$/u);

/** Who calls, as it says itself; nothing is granted for it. */
const identity = z.strictObject({
  host: name,
  user: name,
  /** The program: `hawser cdb`. */
  program: name,
  /** The program's version, for logs. */
  version: name,
});
export type Identity = z.infer<typeof identity>;

const maxPayload = z.int().min(MAX_HELLO_BYTES).max(0xffffffff);

/** What every version's hello has: read first, so that a clash of versions can be named. */
export const anyHello = z.looseObject({ hawser: z.literal('hello'), protocol: z.int().min(0).max(1e6) });

export const kinds = ['debugger', 'process', 'kd', 'remote'] as const satisfies readonly ServerKind[];

export const hello = z.strictObject({
  hawser: z.literal('hello'),
  protocol: z.int(),
  /** The kind of server wanted. */
  kind: z.enum(kinds),
  client: identity,
  /** Largest payload that the client accepts, bytes. */
  maxPayload,
  /** Of a session that this client was in before its link broke. */
  resume: z.string().max(256).optional(),
});
export type Hello = z.infer<typeof hello>;

const wireError = z.object({
  code: z.string().max(64),
  message: z.string().max(2048),
  action: z.string().max(2048),
  data: z.record(z.string(), z.unknown()),
});

const scramText = z.string().max(2048);

export const accepted = z.object({
  hawser: z.literal('accepted'),
  protocol: z.int(),
  server: identity,
  maxPayload,
  /** After a password: the server's final SCRAM message. */
  scram: scramText.optional(),
});
export type Accepted = z.infer<typeof accepted>;

export const refused = z.object({ hawser: z.literal('refused'), error: wireError });
export const passwordWanted = z.object({
  hawser: z.literal('password'),
  mechanism: z.enum(['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS']),
});
export const scram = z.object({ hawser: z.literal('scram'), message: scramText });

/** What a server may answer to a hello, and within SCRAM. */
export const answer = z.discriminatedUnion('hawser', [accepted, refused, passwordWanted, scram]);
export type Answer = z.infer<typeof answer>;
