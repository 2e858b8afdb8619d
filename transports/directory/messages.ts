import { z } from '../zod.ts';

/** The directory's messages: JSON objects in UTF-8, each ended by a line feed. See docs/protocol.md. */

/** Raised when a peer of the version before could misunderstand. */
export const DIRECTORY_VERSION = 1;

export const limits = {
  /** A request's line, bytes; one of an owner that registers many servers may be longer. */
  requestBytes: 4_096,
  registerBytes: 65_536,
  answerBytes: 1_048_576,
  serversOfOwner: 64,
  servers: 1_024,
  owners: 256,
} as const;

/** What others get to see on their consoles: no control or format characters. */
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{C}*$/u);

export const listedKinds = ['debugger', 'process', 'kd', 'remote'] as const;
export type ListedKind = (typeof listedKinds)[number];

const connection = line(512)
  .min(1)
  .refine((text) => !/password\s*=\s*(?!\*(?:,|$))/i.test(text), 'it has a password in it');

/** What a list shows of a server. */
export const registration = z.strictObject({
  kind: z.enum(listedKinds),
  /** As in listings: without `server=`, with `Password=*` where one is needed. */
  connection,
  user: line(128),
  program: line(128),
  /** Milliseconds since the epoch, on the clock of the server's machine. */
  started: z.int().min(0).max(8.64e15),
  /** Whether other machines can reach it; one that only this machine can is listed on this machine alone. */
  reach: z.enum(['machine', 'network']),
  /** It is introduced to, and counted, but not listed. */
  unlisted: z.literal(true).optional(),
});
export type ServerRegistration = z.infer<typeof registration>;

const head = { hawser: z.literal('directory'), version: z.int().min(0).max(1e6) };
const pipe = line(200).min(1);
const id = z
  .int()
  .min(0)
  .max(2 ** 31);
const port = z.int().min(1).max(65535);

/** What every version's request has: read first, so that a clash of versions can be named. */
export const anyRequest = z.looseObject(head);

export const request = z.discriminatedUnion('request', [
  z.strictObject({ ...head, request: z.literal('list') }),
  /** Asks to be brought together with the owner of a pipe. */
  z.strictObject({ ...head, request: z.literal('introduce'), pipe }),
  /** An owner's, of this machine: all that it has, in the place of what it had. */
  z.strictObject({
    ...head,
    request: z.literal('register'),
    servers: z.array(registration).max(limits.serversOfOwner),
  }),
  /** An owner's answers. */
  z.strictObject({ ...head, request: z.literal('alive'), id }),
  z.strictObject({ ...head, request: z.literal('relay'), id, port: port.nullable() }),
]);
export type DirectoryRequest = z.infer<typeof request>;

/** `answering` is false for what was left behind by a process that was killed, or that hangs. */
export const listed = z.object({ ...registration.shape, answering: z.boolean() });
export type ListedServer = z.infer<typeof listed>;

const wireError = z.object({
  code: z.string().max(64),
  message: line(2048),
  action: line(2048),
  data: z.record(z.string(), z.unknown()),
});

export const answer = z.discriminatedUnion('hawser', [
  z.object({
    hawser: z.literal('servers'),
    version: z.int(),
    servers: z.array(listed).max(limits.servers),
    /** How many more there are that do not want to be listed. */
    unlisted: z.int().min(0).optional(),
  }),
  z.object({ hawser: z.literal('introduced'), version: z.int(), port }),
  z.object({ hawser: z.literal('registered'), version: z.int() }),
  z.object({ hawser: z.literal('refused'), version: z.int(), error: wireError }),
]);
export type DirectoryAnswer = z.infer<typeof answer>;

/** What the directory says to an owner unasked. */
export const order = z.discriminatedUnion('hawser', [
  z.object({ hawser: z.literal('registered') }),
  z.object({ hawser: z.literal('ping'), id }),
  /** Open a relay to this pipe for one caller, who calls from this address. */
  z.object({ hawser: z.literal('relay'), id, pipe, caller: line(64) }),
]);
export type DirectoryOrder = z.infer<typeof order>;

export function asRequest(fields: object): object {
  return { hawser: 'directory', version: DIRECTORY_VERSION, ...fields };
}
