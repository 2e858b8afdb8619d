import { type ReactNode, useEffect, useState } from 'react';
import type { GuiState, StubFacts } from '../../electron/ipc/contract.ts';
import { tell } from '../lib/hawser.ts';
import { Icon } from '../lib/icons.tsx';
import { Action, Happened, LastOutput } from './StartPage.tsx';
import { StubLinkLost } from './StubLinkLost.tsx';

interface Props {
  readonly state: Extract<GuiState, { mode: 'stub' | 'starting' }>;
  readonly stub: StubFacts;
}

const kinds: Readonly<Record<StubFacts['kind'], string>> = {
  processServer: 'Hawser process server',
  bare: 'GDB stub',
};

/** Connected to a stub, and nothing attached: a state of its own. */
export function StubPage({ state, stub }: Props): ReactNode {
  const [reading, setReading] = useState(false);
  const busy = state.mode === 'starting';
  useEffect(() => {
    if (!document.querySelector('dialog[open]'))
      document.querySelector<HTMLElement>('[data-main-focus]')?.focus();
  }, []);
  if (reading) return <LastOutput onBack={() => setReading(false)} />;
  const cannot = [stub.attach, stub.launch].filter((can) => can !== true);
  return (
    <main className="start">
      <div className="stub-banner" role="status">
        <Icon name="connect" className={stub.link.state === 'up' ? 'icon-ok' : 'icon-lost'} />
        <p className="grow selectable">
          Connected to process server: <strong className="mono">{stub.connection}</strong>
        </p>
        <button type="button" disabled={busy} onClick={() => tell('stub/disconnect', undefined)}>
          Disconnect
        </button>
      </div>
      {stub.link.state === 'lost' && <StubLinkLost stub={stub} link={stub.link} attached={false} />}
      <div className="start-inner stub-page">
        <header className="start-head">
          <span className="machine-mark">
            <Icon name="machine" />
          </span>
          <div>
            <h1>{stub.machine}</h1>
            <p>
              {kinds[stub.kind]}. Nothing is attached yet.
              <br />
              {`Programs run and files are found on ${stub.machine}; symbols and sources stay here.`}
            </p>
          </div>
        </header>
        <Happened state={state} onShowText={() => setReading(true)} />
        <div className="start-actions">
          <Action
            icon="process"
            text="Attach to Process…"
            keys="F6"
            look="primary"
            dialog={{ kind: 'attach', machine: 'stub' }}
            disabled={busy || stub.attach !== true}
            {...(stub.attach !== true && { why: stub.attach })}
          />
          <Action
            icon="file"
            text="Open Executable…"
            keys="Ctrl+E"
            look="large"
            dialog={{ kind: 'executable', machine: 'stub' }}
            disabled={busy || stub.launch !== true}
            {...(stub.launch !== true && { why: stub.launch })}
          />
          {cannot.map((why) => (
            <p key={why} className="muted">
              {why}
            </p>
          ))}
        </div>
      </div>
    </main>
  );
}
