import type { SessionEvent } from '../../engine/protocol/session.ts';
import { ask, onSessionEvent } from '../session/live.ts';
import { attachment, target } from '../session/stores.ts';
import { ViewFeed } from './feed.ts';

/** How long a request may wait for others to go with it, ms. */
const TOGETHER_MS = 0;

export const viewFeed = new ViewFeed({
  ready: () => {
    const run = target.get()?.run;
    return attachment.get().status === 'attached' && (run === 'stopped' || run === 'busy');
  },
  request: (queries) => ask('session/views', { queries }),
  soon: (callback) => setTimeout(callback, TOGETHER_MS),
});

/** After these what windows show may be others. */
const news: ReadonlySet<SessionEvent['type']> = new Set([
  'commandDone',
  'breakpointsChanged',
  'modulesChanged',
  'threadsChanged',
]);

let run = '';
let session = '';

/** Once. */
export function startViews(): void {
  onSessionEvent((event) => {
    if (news.has(event.type)) viewFeed.outOfDate();
  });
  target.subscribe(() => {
    const now = target.get();
    const next =
      now === null ? '' : `${now.run === 'busy' ? 'stopped' : now.run} ${now.kind} ${now.thread?.index}`;
    if (next === run) return;
    run = next;
    if (now?.run !== 'running') viewFeed.outOfDate();
  });
  attachment.subscribe(() => {
    const now = attachment.get();
    if (now.status === 'none' && session !== '') viewFeed.forget();
    session = now.status === 'attached' ? now.host : '';
  });
}
