import type { ReactNode } from 'react';
import { type Store, useStore } from '../lib/store.ts';

/** A window's own buttons and boxes, above what it shows. */
export function ToolBar({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div className="window-tools" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

export function Toggle({ text, store }: { text: string; store: Store<boolean> }): ReactNode {
  const on = useStore(store);
  return (
    <button type="button" className="quiet" aria-pressed={on} onClick={() => store.set(!on)}>
      {text}
    </button>
  );
}
