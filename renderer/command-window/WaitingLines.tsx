import type { ReactNode } from 'react';
import { useStore } from '../lib/store.ts';
import { sender } from './input-state.ts';

/** Pasted lines whose turn has not come. */
export function WaitingLines(): ReactNode {
  const waiting = useStore(sender.waiting);
  const [next] = waiting;
  if (next === undefined) return null;
  return (
    <div className="queued">
      <span>{waiting.length === 1 ? '1 line waits. Next:' : `${waiting.length} lines wait. Next:`}</span>
      <code className="grow">{next}</code>
      <button type="button" onClick={() => sender.discard()}>
        Discard
      </button>
    </div>
  );
}
