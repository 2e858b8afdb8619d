import { MAX_INVITED, READABLE_AFTER_END, type SessionInfo } from '../../../hub/protocol/hub.ts';
import type { ListedSession, Possible, SessionAction } from '../../ipc/hosted.ts';

/** A session as the windows show it, with what can be done about it now, or why not. */
export function listed(info: SessionInfo, opened: boolean, linkUp: boolean): ListedSession {
  const { role, end } = info;
  return {
    id: info.id,
    name: info.name,
    description: info.description,
    host: info.host,
    computer: info.computer,
    created: info.created,
    role,
    state: info.state,
    agent: info.agent,
    end,
    readableUntil: end && role === 'client' ? end.at + READABLE_AFTER_END : null,
    direct: info.direct,
    invited: info.invited,
    invitationsLeft: invitationsLeft(info),
    opened,
    actions: actions(info, opened, linkUp),
  };
}

/** The host, and who was removed, do not count. */
export function invitationsLeft({ invited, host }: Pick<SessionInfo, 'invited' | 'host'>): number {
  const counted = invited.filter(({ state, email }) => state !== 'removed' && email !== host.email);
  return Math.max(0, MAX_INVITED - counted.length);
}

const OFFLINE = 'The link to the hub is lost; it is tried again by itself.';

function actions(
  info: SessionInfo,
  opened: boolean,
  linkUp: boolean,
): Readonly<Record<SessionAction, Possible>> {
  const { role } = info;
  const ended = info.state === 'terminated';
  const first = (...reasons: (string | false)[]): Possible => reasons.find((why) => why !== false) || true;
  const offline = !linkUp && OFFLINE;
  return {
    open: first(!opened && offline),
    invite: first(
      role !== 'host' && 'Only the host invites.',
      ended && 'The session is terminated.',
      offline,
    ),
    close: first(!opened && 'Its window is not open here.'),
    terminate: first(
      role !== 'host' && 'Only the host terminates it.',
      ended && 'It is terminated already.',
      offline,
    ),
    remove: first(!ended && 'It is open: only terminated sessions can be removed.', offline),
  };
}
