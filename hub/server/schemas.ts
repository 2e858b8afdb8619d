import { z } from '../../transports/zod.ts';
import {
  type HubCallerNotifications,
  type HubRequestName,
  type HubRequests,
  MAX_APPEND,
  MAX_SEALED,
  MAX_WINDOW,
} from '../protocol/hub.ts';

/** What callers send, checked: they may be anybody. */

/** One line that a person reads: no control characters, no direction marks that make it look like another. */
const line = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, 'has characters that cannot be shown');

const email = z
  .string()
  .trim()
  .max(120)
  .regex(/^[^\s@<>(),;:"\\[\]\p{C}]+@[^\s@<>(),;:"\\[\]\p{C}]+$/u, 'is no e-mail address');
export const emailSchema = email;
export const nameSchema = line(100).min(1);

const password = z.string().max(1024);
const token = z.string().min(1).max(256);
const session = z.string().regex(/^[0-9a-f]{32}$/, 'is no session');
const sealed = z
  .string()
  .min(1)
  .max(MAX_SEALED)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'is not base64');
const seq = z
  .int()
  .min(1)
  .max(2 ** 40);
const after = z
  .int()
  .min(0)
  .max(2 ** 40);
const fragment = z
  .string()
  .max(1024)
  .regex(/^[A-Za-z0-9_.~-]+$/, 'cannot stand in a link');
const entry = z.object({ seq, at: z.int().min(0).max(8.64e15), sealed });

type Parameters = { readonly [N in HubRequestName]: z.ZodType<HubRequests[N]['params']> };

export const parameters = {
  'hub/hello': z.object({ version: z.int().min(1).max(1_000_000), client: line(200) }),
  'account/signIn': z.object({ email, password }),
  'account/oidcStart': z.object({ loopback: z.int().min(1024).max(65535).optional() }),
  'account/oidcFinish': z.object({ ticket: token, code: token }),
  'account/resume': z.object({ token }),
  'account/signOut': z.undefined(),
  'account/changePassword': z.object({ old: password, new: password }),
  'session/create': z.object({
    name: line(100).min(1),
    description: z
      .string()
      .max(4000)
      .regex(/^(?:[^\p{Cc}]|[\n\r\t])*$/u, 'has characters that cannot be shown'),
    computer: line(255),
    direct: z.boolean(),
  }),
  'session/list': z.undefined(),
  'session/open': z.object({ session, after, window: z.int().min(1).max(MAX_WINDOW) }),
  'session/close': z.object({ session }),
  'session/read': z.object({ session, from: seq, count: z.int().min(1).max(1000) }),
  'session/order': z.object({ session, sealed }),
  'session/terminate': z.object({ session }),
  'session/removeFromList': z.object({ session }),
  'invite/find': z.object({ session, email }),
  'invite/send': z.object({
    session,
    emails: z.array(email).min(1).max(50),
    fragments: z.object({ client: fragment, host: fragment }).optional(),
  }),
  'invite/remove': z.object({ session, email }),
  'invite/accept': z.object({ token }),
  'agent/append': z.object({ entries: z.array(entry).max(MAX_APPEND) }),
  'agent/ended': z.object({
    by: z.enum(['menu', 'command', 'debugger', 'agent', 'administrator']),
    detail: line(200),
    last: after,
  }),
} as unknown as Parameters;

export const notifications: {
  readonly [N in keyof HubCallerNotifications]: z.ZodType<HubCallerNotifications[N]>;
} = {
  'session/ack': z.object({ session, seq: after }),
};
