import { type ReactNode, useEffect, useId, useState } from 'react';
import type { OfferedDebugger } from '../../electron/ipc/hosted.ts';
import { BrowseButton } from '../dialogs/BrowseButton.tsx';
import { Dialog } from '../dialogs/Dialog.tsx';
import { LinesField, Problem, TextField } from '../dialogs/fields.tsx';
import { OkCancel } from '../dialogs/starting.tsx';
import { invoke } from '../lib/hawser.ts';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { closeDialog, selected, tab } from './state.ts';
import { useAsking } from './useAsking.ts';

interface LocationProps {
  readonly value: string;
  readonly problem: string | null;
  readonly disabled: boolean;
  onChange(value: string): void;
}

/** The debugger's program: one that is offered, or any other. */
function LocationField({ value, problem, disabled, onChange }: LocationProps): ReactNode {
  const id = useId();
  const [offered, setOffered] = useState<readonly OfferedDebugger[]>([]);
  useEffect(() => {
    void invoke('hosted/debuggers', undefined).then((outcome) => outcome.ok && setOffered(outcome.value));
  }, []);
  return (
    <div className="field">
      <label htmlFor={id}>Debugger location</label>
      <div className="row">
        <input
          id={id}
          type="text"
          className="mono"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          readOnly={disabled}
          list={`${id}-offered`}
          placeholder="cdb, or the path of a console debugger"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem ${id}-hint`}
          data-autofocus
        />
        <datalist id={`${id}-offered`}>
          {offered.map(({ location, what }) => (
            <option key={location} value={location}>
              {what}
            </option>
          ))}
        </datalist>
        <BrowseButton title="Debugger location" kind="file" onChosen={onChange} disabled={disabled} />
      </div>
      <div className="offers" id={`${id}-hint`}>
        {offered.map(({ location, what }) => (
          <button
            key={location}
            type="button"
            className="link"
            title={what}
            disabled={disabled}
            aria-label={`Use ${what}, ${location}`}
            onClick={() => onChange(location)}
          >
            {location}
          </button>
        ))}
      </div>
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  );
}

/** Host Session. */
export function HostDialog(): ReactNode {
  const { working, error, ask, cancel, clear } = useAsking();
  const [debuggerAt, setDebugger] = useState('cdb');
  const [args, setArgs] = useState('');
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [problems, setProblems] = useState<{ location: string | null; name: string | null }>({
    location: null,
    name: null,
  });
  /** Said, and OK pressed once more goes on. */
  const [warned, setWarned] = useState(false);

  const host = async () => {
    if (working) return;
    const location = debuggerAt.trim() === '' ? 'Say which debugger to start.' : null;
    const nameless = name.trim() === '' ? 'Give the session a name that its clients recognise.' : null;
    setProblems({ location, name: nameless });
    if (location || nameless) return;
    if (!warned) {
      const direct = await invoke('hosted/direct', { arguments: args });
      if (direct.ok && direct.value) return setWarned(true);
    }
    const made = await ask('hosted/host', { debugger: debuggerAt, arguments: args, name, description });
    if (!made) return;
    tab.set('host');
    selected.set(made.value.session);
    closeDialog();
  };
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value);
    setProblems({ location: null, name: null });
    clear();
  };
  return (
    <Dialog
      title="Host Session"
      size="wide"
      onSubmit={() => void host()}
      onCancel={() => cancel() || closeDialog()}
      buttons={
        <OkCancel
          working={working}
          progress="Starting the debugger…"
          onCancel={() => cancel() || closeDialog()}
        />
      }
    >
      <LocationField
        value={debuggerAt}
        onChange={edit(setDebugger)}
        problem={problems.location}
        disabled={working}
      />
      <TextField
        label="Arguments"
        mono
        value={args}
        onChange={edit((value) => {
          setArgs(value);
          setWarned(false);
        })}
        placeholder="-remote tcp:server=HOST,port=5005"
        hint="Best a session that is open elsewhere: -remote tcp:server=HOST,port=PORT or, by a pipe, -remote npipe:server=HOST,pipe=PIPE"
        disabled={working}
      />
      <TextField
        label="Session name"
        value={name}
        onChange={edit(setName)}
        problem={problems.name}
        disabled={working}
      />
      <LinesField
        label="Session description"
        value={description}
        onChange={edit(setDescription)}
        hint="Notes for those you invite. The hub can read name and description, not what is debugged."
        disabled={working}
      />
      {warned && (
        <Note tone="warning">
          <p>
            <strong>There is no -remote among the arguments.</strong> When this debugger ends, in whatever
            way, everyone is disconnected and the session cannot be restored.
          </p>
          <p className="muted">
            Better: start the debugger on the target’s side with -server, and host a session that connects to
            it with -remote. OK hosts it as it is.
          </p>
        </Note>
      )}
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
