import type { HubRequestName, HubRequests } from '../../protocol/hub.ts';
import type { HubContext } from '../context.ts';
import type { Peer } from '../peer.ts';

export type Handlers = {
  readonly [N in HubRequestName]: (
    hub: HubContext,
    peer: Peer,
    params: HubRequests[N]['params'],
  ) => Promise<HubRequests[N]['result']>;
};
