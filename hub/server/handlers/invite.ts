import type { HawserError } from '../../../transports/errors/error.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import { INVITATION_LIFETIME } from '../../protocol/hub.ts';
import { normalized } from '../accounts.ts';
import type { HubContext } from '../context.ts';
import { callerErrors } from '../errors.ts';
import type { Invitation } from '../invitations.ts';
import type { Peer } from '../peer.ts';
import type { SessionRecord } from '../records.ts';
import { personOf } from '../sessions.ts';
import { limited } from './account.ts';
import type { Handlers } from './handlers.ts';
import { shown } from './session.ts';

export const inviteHandlers: Pick<
  Handlers,
  'invite/find' | 'invite/send' | 'invite/remove' | 'invite/accept'
> = {
  async 'invite/find'(hub, peer, { session, email }) {
    await hub.sessions.hostedBy(session, peer.person.account.email, 'invite people');
    hub.limits.checkLookUp(peer.person.account.email);
    return hub.invitations.find(email);
  },

  async 'invite/send'(hub, peer, { session, emails, fragments }) {
    await hub.sessions.hostedBy(session, peer.person.account.email, 'invite people');
    hub.limits.checkLookUp(peer.person.account.email, emails.length);
    const { people, host, record } = await hub.invitations.send(session, emails);
    for (const { email } of people) await hub.audit.write(peer.actor, 'invite.send', { session, email });
    const link = ({ email, token }: Invitation) => ({ email, link: `${hub.settings.url}/i/${token}` });
    const unmailed = hub.mail && fragments ? await mailAll(hub, peer, record, people, host, fragments) : [];
    return {
      invited: people.map(link),
      host: link(host),
      mailed: hub.mail !== null && fragments !== undefined,
      unmailed,
    };
  },

  async 'invite/remove'(hub, peer, { session, email }) {
    await hub.sessions.hostedBy(session, peer.person.account.email, 'remove people');
    await hub.invitations.remove(session, email);
    await hub.audit.write(peer.actor, 'invite.remove', { session, email: normalized(email) });
    return null;
  },

  async 'invite/accept'(hub, peer, { token }) {
    const { account } = peer.person;
    await limited(hub, peer, account.email, account.email);
    try {
      if (!account.mayJoin && !account.mayHost)
        throw callerErrors.notAllowed('join sessions', hub.settings.contact);
      const { record, role } = await hub.invitations.accept(token, account);
      await hub.audit.write(peer.actor, 'invite.accept', { session: record.id, role });
      return await shown(hub, peer, record, role);
    } catch (error) {
      await hub.audit.write(peer.actor, 'invite.refused', { why: toHawserError(error).code });
      throw error;
    }
  },
};

/** @returns those whose message the mail server did not take, and why */
async function mailAll(
  hub: HubContext,
  peer: Peer,
  record: SessionRecord,
  people: readonly Invitation[],
  host: Invitation,
  fragments: { readonly client: string; readonly host: string },
): Promise<{ readonly email: string; readonly reason: string }[]> {
  const { name, description, computer } = record;
  const expires = hub.settings.now() + INVITATION_LIFETIME;
  const others = people.filter(({ email }) => email !== host.email);
  const letters = [
    ...others.map((each) => ({ each, fragment: fragments.client, invited: null })),
    { each: host, fragment: fragments.host, invited: people.map(personOf) },
  ];
  const unmailed: { email: string; reason: string }[] = [];
  for (const { each, fragment, invited } of letters) {
    const about = { session: record.id, email: each.email };
    try {
      await hub.mail?.send({
        to: personOf(each),
        host: personOf(host),
        session: { name, description, computer },
        link: `${hub.settings.url}/i/${each.token}#${fragment}`,
        expires,
        invited,
      });
      await hub.audit.write(peer.actor, 'invite.mailed', about);
    } catch (error) {
      unmailed.push({ email: each.email, reason: (error as HawserError).message });
      await hub.audit.write(peer.actor, 'invite.mailFailed', about);
    }
  }
  return unmailed;
}
