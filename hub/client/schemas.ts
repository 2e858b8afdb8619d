import { z } from '../../transports/zod.ts';
import { type HubNotifications, type HubRequestName, type HubRequests, MAX_SEALED } from '../protocol/hub.ts';

/** What a hub answers, checked: it may be a broken or another one. Members that are not known are dropped. */
const text = z.string().max(64 << 10);
const person = z.object({ email: text, name: text });
const account = person.extend({
  mayHost: z.boolean(),
  mayJoin: z.boolean(),
  administrator: z.boolean(),
  signIn: z.enum(['password', 'oidc']),
});
const invited = person.extend({
  state: z.enum(['invited', 'joined', 'expired', 'removed']),
  invitedAt: z.number(),
  present: z.boolean(),
});
const terminatedBy = z.enum(['menu', 'command', 'debugger', 'agent', 'administrator']);
const session = z.object({
  id: z.string().min(1).max(200),
  name: text,
  description: text,
  host: person,
  created: z.number(),
  state: z.enum(['open', 'terminated']),
  agent: z.boolean(),
  end: z.object({ at: z.number(), by: terminatedBy, detail: text }).nullable(),
  last: z.int().nonnegative(),
  computer: text,
  direct: z.boolean(),
  invited: z.array(invited).max(1000),
  role: z.enum(['host', 'client']),
});
const sealed = z.string().max(MAX_SEALED);
const entry = z.object({ seq: z.int().positive(), at: z.number(), sealed });
const facts = z.object({
  version: z.int(),
  name: text,
  contact: text,
  signIn: z.array(z.enum(['password', 'oidc'])),
  mail: z.boolean(),
});
const signedIn = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), account, token: text, expires: z.number() }),
  z.object({ kind: z.literal('agent'), session }),
]);
const last = z.int().nonnegative();

type Answers = { readonly [N in HubRequestName]: z.ZodType<HubRequests[N]['result']> };

export const answers: Answers = {
  'hub/hello': facts,
  'account/signIn': signedIn,
  'account/oidcStart': z.object({ url: z.url({ protocol: /^https?$/ }), ticket: text }),
  'account/oidcFinish': signedIn,
  'account/resume': signedIn,
  'account/signOut': z.null(),
  'account/changePassword': z.null(),
  'session/create': z.object({ session, agentToken: text }),
  'session/list': z.array(session),
  'session/open': session,
  'session/close': z.null(),
  'session/read': z.object({ entries: z.array(entry), last }),
  'session/order': z.null(),
  'session/terminate': session,
  'session/removeFromList': z.null(),
  'invite/find': person,
  'invite/send': z.object({
    invited: z.array(z.object({ email: text, link: text })),
    host: z.object({ email: text, link: text }),
    mailed: z.boolean(),
    unmailed: z.array(z.object({ email: text, reason: text })),
  }),
  'invite/remove': z.null(),
  'invite/accept': session,
  'agent/append': z.object({ last }),
  'agent/ended': z.null(),
};

type Told = { readonly [N in keyof HubNotifications]: z.ZodType<HubNotifications[N]> };

export const told: Told = {
  'session/entries': z.object({ session: text, entries: z.array(entry) }),
  'session/changed': z.object({ id: text, info: session.nullable() }),
  'agent/terminate': z.object({ by: terminatedBy, detail: text }),
};

export const order = z.object({ sealed });
