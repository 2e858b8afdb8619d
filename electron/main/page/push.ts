import type { WebContents } from 'electron';
import { PUSH_CHANNEL } from '../../ipc/channels.ts';
import type { PushEvents, PushName } from '../../ipc/contract.ts';

export type Push = <N extends PushName>(name: N, event: PushEvents[N]) => void;

export function pushTo(contents: WebContents): Push {
  return (name, event) => {
    if (!contents.isDestroyed()) contents.send(PUSH_CHANNEL, name, event);
  };
}
