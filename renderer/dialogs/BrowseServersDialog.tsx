import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { BrowsedServer, ServerKind } from '../../electron/ipc/contract.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { type BrowseState, useBrowsing } from './browsing.ts';
import { Dialog } from './Dialog.tsx';
import { Problem } from './fields.tsx';
import { useMachines } from './machines.ts';
import { ServerList } from './ServerList.tsx';
import { emptyText, foundText } from './server-words.ts';
import { OkCancel } from './starting.tsx';

interface Props {
  /** Only servers of these kinds are offered. */
  readonly kinds: readonly ServerKind[];
  /** The connection string that reaches the chosen server. */
  onChosen(connection: string): void;
  onClose(): void;
}

/** Browse Remote Servers: the servers of a machine, to choose one. */
export function BrowseServersDialog({ kinds, onChosen, onClose }: Props): ReactNode {
  const id = useId();
  const [machine, setMachine] = useState('');
  const typed = useRef(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [selected, setSelected] = useState(0);
  const { state, list, cancel } = useBrowsing();
  const { asked, announced, found, setAnnounced } = useMachines((last) => {
    if (typed.current) return;
    setMachine(last);
    void list(last);
  });
  const servers = state.is === 'listed' ? state.servers.filter(({ kind }) => kinds.includes(kind)) : [];
  const loading = state.is === 'loading';

  const refresh = () => {
    const missing = machine.replaceAll('\\', '').trim() === '';
    setProblem(missing ? 'Type the name of a machine first.' : null);
    setSelected(0);
    if (!missing) void list(machine.trim());
  };
  const choose = (index: number) => {
    const server = servers[index];
    if (!server) return;
    onChosen(server.connect);
    onClose();
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    refresh();
  };

  return (
    <Dialog
      title="Browse Remote Servers"
      size="wide"
      onSubmit={() => choose(selected)}
      onCancel={() => cancel() || onClose()}
      buttons={
        <OkCancel
          working={loading}
          progress={loading ? `Asking ${state.machine}…` : ''}
          disabled={servers.length === 0}
          onCancel={() => cancel() || onClose()}
        />
      }
    >
      <div className="field">
        <label htmlFor={id}>Machine</label>
        <div className="row">
          <input
            id={id}
            type="text"
            value={machine}
            onChange={(event) => {
              // What is still asked for is not wanted any more, and must not take the keyboard.
              cancel();
              typed.current = true;
              setMachine(event.target.value);
              setProblem(null);
            }}
            onKeyDown={enter}
            maxLength={300}
            list={`${id}-machines`}
            placeholder="birch, \\birch or 192.0.2.7"
            spellCheck={false}
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            data-autofocus
          />
          <datalist id={`${id}-machines`}>
            {asked.map((name) => (
              <option key={name} value={name} />
            ))}
            {found.map((each) => (
              <option key={`${each.name} ${each.machine}`} value={each.machine}>
                {each.name}
              </option>
            ))}
          </datalist>
          <button type="button" onClick={refresh}>
            Refresh
          </button>
        </div>
        <Problem id={`${id}-problem`} text={problem} />
      </div>
      <label className="choice">
        <input type="checkbox" checked={announced} onChange={(event) => setAnnounced(event.target.checked)} />
        <span>
          Offer machines that announce themselves on this network, and be one (mDNS)
          {announced && (
            <span className="muted" role="status">
              {foundText(found)}
            </span>
          )}
        </span>
      </label>
      <div className="field">
        <span className="label">Servers</span>
        <div className="browse-area">
          <Servers state={state} servers={servers} kinds={kinds}>
            <ServerList servers={servers} selected={selected} onSelect={setSelected} onChoose={choose} />
          </Servers>
        </div>
      </div>
    </Dialog>
  );
}

interface ServersProps {
  readonly state: BrowseState;
  /** Those of the kinds wanted. */
  readonly servers: readonly BrowsedServer[];
  readonly kinds: readonly ServerKind[];
  /** The list, when there is something in it. */
  readonly children: ReactNode;
}

function Servers({ state, servers, kinds, children }: ServersProps): ReactNode {
  if (state.is === 'listed' && servers.length > 0) return children;
  if (state.is === 'failed' && state.error.code !== 'NO_DIRECTORY') return <ErrorNote error={state.error} />;
  return (
    <p className="empty browse-empty" role="status">
      {state.is === 'idle' && 'Type the name of a machine, then press Refresh to see its servers.'}
      {state.is === 'loading' && `Asking ${state.machine} for its servers…`}
      {state.is === 'failed' && `${state.error.message} ${state.error.action}`}
      {state.is === 'listed' && emptyText(state.machine, kinds, state.servers.length)}
    </p>
  );
}
