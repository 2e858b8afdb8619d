import { type ReactNode, useEffect, useState } from 'react';
import type { Ending, GuiState } from '../../electron/ipc/contract.ts';
import { CommandWindow } from '../command-window/CommandWindow.tsx';
import { type DialogSpec, openDialog } from '../dialogs/queue.ts';
import { tell } from '../lib/hawser.ts';
import { Icon, type IconName, Logo } from '../lib/icons.tsx';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { output } from '../output/output.ts';
import { RecentList } from './RecentList.tsx';

interface ActionProps {
  readonly icon: IconName;
  readonly text: string;
  readonly keys: string;
  /** Why it is disabled. */
  readonly why?: string;
  readonly look: 'primary' | 'large' | 'smaller';
  readonly dialog: DialogSpec;
  readonly disabled: boolean;
}

export function Action({ icon, text, keys, look, dialog, disabled, why }: ActionProps): ReactNode {
  return (
    <button
      type="button"
      className={look}
      disabled={disabled}
      title={why}
      data-main-focus={look === 'primary' ? true : undefined}
      onClick={() => openDialog(dialog)}
    >
      <Icon name={icon} />
      {text}
      {keys !== '' && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </button>
  );
}

export function Starting({ what }: { what: string }): ReactNode {
  return (
    <div className="panel">
      <div className="starting" role="status">
        <span className="spinner" />
        <span className="grow selectable">{what}</span>
        <button type="button" onClick={() => tell('start/cancel', undefined)}>
          Cancel
        </button>
      </div>
    </div>
  );
}

type Shown = Extract<GuiState, { mode: 'dormant' | 'starting' | 'stub' }>;

export function Happened({ state, onShowText }: { state: Shown; onShowText(): void }): ReactNode {
  if (state.mode === 'starting') return <Starting what={state.what} />;
  const notice = state.notice ?? (output.empty ? null : 'The last session is over.');
  return (
    <>
      {state.error && <ErrorNote error={state.error} />}
      {notice !== null && (
        <Note tone="info">
          <p>
            {notice}{' '}
            {!output.empty && (
              <button type="button" className="link" onClick={onShowText}>
                Show its output
              </button>
            )}
          </p>
        </Note>
      )}
      {state.ending && <RememberedEnding ending={state.ending} />}
    </>
  );
}

function RememberedEnding({ ending }: { ending: Ending }): ReactNode {
  return (
    <p className="remembered muted">
      Stop Debugging {ending === 'kill' ? 'ends the target' : 'leaves the target running'} without asking.{' '}
      <button type="button" className="link" onClick={() => tell('session/askEnding', undefined)}>
        Ask again
      </button>
    </p>
  );
}

/** What the last session wrote, to be read. */
export function LastOutput({ onBack }: { onBack(): void }): ReactNode {
  return (
    <div className="session">
      <div className="toolbar">
        <button type="button" className="quiet" onClick={onBack} data-main-focus>
          Back
        </button>
        <span className="muted">The output of the last session, which has ended.</span>
      </div>
      <CommandWindow live={false} />
      <div className="status" />
    </div>
  );
}

export function StartPage({ state }: { state: Exclude<Shown, { mode: 'stub' }> }): ReactNode {
  const [reading, setReading] = useState(false);
  const busy = state.mode === 'starting';
  useEffect(() => {
    if (!document.querySelector('dialog[open]'))
      document.querySelector<HTMLElement>('[data-main-focus]')?.focus();
  }, []);
  if (reading) return <LastOutput onBack={() => setReading(false)} />;
  return (
    <main className="start">
      <div className="start-inner">
        <header className="start-head">
          <Logo />
          <div>
            <h1>Hawser</h1>
            <p>
              A remote debugger for Linux in WinDbg’s manner, over GDB.
              <br />
              Join a session that runs at another machine, debug a program there through a process server, or
              debug one here and share it.
            </p>
          </div>
        </header>
        <Happened state={state} onShowText={() => setReading(true)} />
        <div className="start-columns">
          <div className="start-actions">
            <Action
              icon="connect"
              text="Connect to Remote Session…"
              keys="Ctrl+R"
              look="primary"
              dialog={{ kind: 'connect' }}
              disabled={busy}
            />
            <Action
              icon="machine"
              text="Connect to Remote Stub…"
              keys=""
              look="large"
              dialog={{ kind: 'connectStub' }}
              disabled={busy}
            />
            <Action
              icon="core"
              text="Kernel Debug…"
              keys="Ctrl+K"
              look="large"
              dialog={{ kind: 'kernel' }}
              disabled={busy}
            />
            <Action
              icon="file"
              text="Open Executable…"
              keys="Ctrl+E"
              look="large"
              dialog={{ kind: 'executable', machine: 'local' }}
              disabled={busy}
            />
            <Action
              icon="process"
              text="Attach to Process…"
              keys="F6"
              look="smaller"
              dialog={{ kind: 'attach', machine: 'local' }}
              disabled={busy}
            />
            <Action
              icon="core"
              text="Open Core File…"
              keys="Ctrl+D"
              look="smaller"
              dialog={{ kind: 'core' }}
              disabled={busy}
            />
            <button type="button" className="smaller" onClick={() => tell('hosted/show', undefined)}>
              <Icon name="people" />
              Hosted Sessions
              <span className="keys" aria-hidden="true">
                Ctrl+H
              </span>
            </button>
          </div>
          <RecentList disabled={busy} />
        </div>
      </div>
    </main>
  );
}
