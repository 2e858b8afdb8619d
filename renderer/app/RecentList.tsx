import { type ReactNode, useEffect } from 'react';
import type { RecentEntry } from '../../electron/ipc/contract.ts';
import { openDialog } from '../dialogs/queue.ts';
import { tell } from '../lib/hawser.ts';
import { Icon, type IconName } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { clearRecent, recent } from '../state/gui.ts';

const icons: Record<RecentEntry['kind'], IconName> = {
  remote: 'connect',
  stub: 'machine',
  kernel: 'core',
  executable: 'file',
  core: 'core',
};
const words: Record<RecentEntry['kind'], string> = {
  remote: 'Remote session',
  stub: 'Remote stub',
  kernel: 'Kernel',
  executable: 'Program',
  core: 'Core file',
};

/** Into its dialog, where ENTER goes on: a password may be missing. */
function reopen(entry: RecentEntry): void {
  if (entry.kind === 'remote') openDialog({ kind: 'connect', prefill: entry.text });
  else if (entry.kind === 'stub') openDialog({ kind: 'connectStub', prefill: entry.text });
  else if (entry.kind === 'kernel') openDialog({ kind: 'kernel', prefill: entry.text });
  else if (entry.kind === 'executable') openDialog({ kind: 'executable', machine: 'local', prefill: entry });
  else openDialog({ kind: 'core', prefill: entry.text });
}

function when(at: number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return today
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

/** 1 to 9 open the first nine at once; nothing on this page takes text. */
function useDigits(count: number, disabled: boolean): void {
  useEffect(() => {
    if (disabled) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return;
      const index = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
      if (index >= 0 && index < count) tell('recent/open', { index });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [count, disabled]);
}

export function RecentList({ disabled }: { disabled: boolean }): ReactNode {
  const list = useStore(recent);
  useDigits(list.length, disabled);
  return (
    <section className="panel" aria-label="Recent">
      <header>
        <h2>Recent</h2>
        {list.length > 0 && (
          <button type="button" className="link" onClick={() => void clearRecent()}>
            Clear
          </button>
        )}
      </header>
      {list.length === 0 ? (
        <p className="empty">
          Nothing yet. Connect to a session with the string that its server printed, or open a program: it
          will be listed here, without its password.
        </p>
      ) : (
        <ul className="recent-list">
          {list.map((entry, index) => {
            const text = entry.args === '' ? entry.text : `${entry.text} ${entry.args}`;
            return (
              <li key={`${entry.kind} ${text}`}>
                <button type="button" title={text} disabled={disabled} onClick={() => reopen(entry)}>
                  <Icon name={icons[entry.kind]} />
                  <span className="what mono">{text}</span>
                  {index < 9 && <kbd title={`Press ${index + 1} to open it at once`}>{index + 1}</kbd>}
                  <span className="muted">
                    <span className="visually-hidden">{words[entry.kind]}, </span>
                    {when(entry.lastUsed)}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
