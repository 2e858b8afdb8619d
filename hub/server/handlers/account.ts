import { HUB_PROTOCOL_VERSION, type HubFacts, type SignedIn } from '../../protocol/hub.ts';
import { accountOf, normalized } from '../accounts.ts';
import { connectAgent } from '../agents.ts';
import type { HubContext } from '../context.ts';
import { callerErrors } from '../errors.ts';
import type { Peer } from '../peer.ts';
import type { AccountRecord } from '../records.ts';
import type { Handlers } from './handlers.ts';

export function factsOf({ settings, mail, oidc }: HubContext): HubFacts {
  const { name, contact } = settings;
  return {
    version: HUB_PROTOCOL_VERSION,
    name,
    contact,
    signIn: oidc ? ['password', 'oidc'] : ['password'],
    mail: mail !== null,
  };
}

export const accountHandlers: Pick<
  Handlers,
  | 'hub/hello'
  | 'account/signIn'
  | 'account/oidcStart'
  | 'account/oidcFinish'
  | 'account/resume'
  | 'account/signOut'
  | 'account/changePassword'
> = {
  async 'hub/hello'(hub, peer, { version }) {
    if (version !== HUB_PROTOCOL_VERSION) throw callerErrors.versionMismatch(HUB_PROTOCOL_VERSION, version);
    peer.greeted = true;
    return factsOf(hub);
  },

  async 'account/signIn'(hub, peer, { email, password }) {
    const who = { who: normalized(email), from: peer.address };
    await limited(hub, peer, email, who.who);
    const record = await hub.accounts.check(email, password);
    if (!record) {
      await hub.audit.write(who, 'signIn.failed', { by: 'password' });
      throw callerErrors.signInFailed();
    }
    return enter(hub, peer, record, 'password');
  },

  async 'account/oidcStart'(hub, peer, { loopback }) {
    if (!hub.oidc) throw callerErrors.signInUnavailable('sign-in by a provider');
    await limited(hub, peer);
    return hub.oidc.start(loopback);
  },

  async 'account/oidcFinish'(hub, peer, { ticket, code }) {
    if (!hub.oidc) throw callerErrors.signInUnavailable('sign-in by a provider');
    await limited(hub, peer);
    try {
      return await enter(hub, peer, await hub.oidc.finish(ticket, code), 'oidc');
    } catch (error) {
      await hub.audit.write({ who: 'unknown', from: peer.address }, 'signIn.failed', { by: 'oidc' });
      throw error;
    }
  },

  async 'account/resume'(hub, peer, { token }) {
    await ifAllowed(hub, peer, 'unknown', () => hub.limits.checkResume(peer.address));
    const found = await hub.accounts.resume(token).catch((error) => {
      hub.limits.badToken(peer.address);
      throw error;
    });
    leave(hub, peer);
    if (found.kind === 'agent')
      return { kind: 'agent', session: await connectAgent(hub, peer, found.session) };
    settle(hub, peer, found.record, token, found.expires);
    return { kind: 'person', account: accountOf(found.record), token, expires: found.expires };
  },

  async 'account/signOut'(hub, peer) {
    const { token } = peer.person;
    await hub.accounts.signOut(token);
    await hub.audit.write(peer.actor, 'signOut');
    await peer.open.closeAll();
    leave(hub, peer);
    return null;
  },

  async 'account/changePassword'(hub, peer, { old, new: chosen }) {
    const { account, token } = peer.person;
    await limited(hub, peer, account.email, account.email);
    if (!(await hub.accounts.check(account.email, old))) {
      await hub.audit.write(peer.actor, 'password.refused');
      throw callerErrors.signInFailed();
    }
    await hub.accounts.setPassword(account.email, chosen, token);
    await hub.audit.write(peer.actor, 'password.changed');
    return null;
  },
};

/** One more attempt, where it is allowed; else the log says so, now and then. @throws HawserError `TOO_MANY_ATTEMPTS` */
export function limited(hub: HubContext, peer: Peer, email?: string, who = 'unknown'): Promise<void> {
  return ifAllowed(hub, peer, who, () => hub.limits.check(peer.address, email));
}

async function ifAllowed(hub: HubContext, peer: Peer, who: string, check: () => void): Promise<void> {
  try {
    check();
  } catch (error) {
    const attempts = hub.refusals.count(peer.address);
    if (attempts !== null) await hub.audit.write({ who, from: peer.address }, 'signIn.limited', { attempts });
    throw error;
  }
}

async function enter(
  hub: HubContext,
  peer: Peer,
  record: AccountRecord,
  by: 'password' | 'oidc',
): Promise<SignedIn> {
  const { token, expires } = await hub.accounts.signIn(record);
  leave(hub, peer);
  settle(hub, peer, record, token, expires);
  await hub.audit.write(peer.actor, 'signIn', { by });
  return { kind: 'person', account: accountOf(record), token, expires };
}

function settle(hub: HubContext, peer: Peer, account: AccountRecord, token: string, expires: number): void {
  peer.identity = { kind: 'person', account, token, expires };
  hub.peers.signedIn(peer, account.email);
}

function leave(hub: HubContext, peer: Peer): void {
  hub.peers.signedOut(peer);
  if (peer.identity?.kind === 'person') void peer.open.closeAll();
  peer.identity = null;
}
