import type { HubRequestName, HubRequests } from '../../protocol/hub.ts';
import type { HubContext } from '../context.ts';
import { callerErrors } from '../errors.ts';
import type { Peer } from '../peer.ts';
import { accountHandlers } from './account.ts';
import { agentHandlers } from './agent.ts';
import type { Handlers } from './handlers.ts';
import { inviteHandlers } from './invite.ts';
import { sessionHandlers } from './session.ts';

const handlers: Handlers = { ...accountHandlers, ...sessionHandlers, ...inviteHandlers, ...agentHandlers };

/** Answers a request whose parameters are in order. @throws HawserError */
export async function answer<N extends HubRequestName>(
  hub: HubContext,
  peer: Peer,
  name: N,
  params: HubRequests[N]['params'],
): Promise<HubRequests[N]['result']> {
  if (!peer.greeted && name !== 'hub/hello') throw callerErrors.helloFirst();
  if (peer.identity?.kind === 'person' && peer.identity.expires <= hub.settings.now())
    throw callerErrors.signInExpired();
  return handlers[name](hub, peer, params);
}
