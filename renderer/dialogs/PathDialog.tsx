import { type ReactNode, useEffect, useId, useState } from 'react';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { ask } from '../session/live.ts';
import { attachment } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';
import { setPreferences, settings } from '../state/settings.ts';
import { BrowseButton } from './BrowseButton.tsx';
import { Dialog } from './Dialog.tsx';
import { LinesField } from './fields.tsx';

type Which = 'symbolPath' | 'sourcePath';

const texts = {
  symbolPath: {
    title: 'Symbol Search Path',
    command: '.sympath',
    what: 'Folders with files of symbols, and addresses of debuginfod servers',
  },
  sourcePath: { title: 'Source Search Path', command: '.srcpath', what: 'Folders with sources' },
} as const;

const asLines = (path: string) => path.split(';').join('\n');
const asPath = (lines: string) =>
  lines
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(';');

/** What the session has; null: it cannot be asked now. */
async function pathNow(which: Which): Promise<string | null> {
  const result = await ask('session/views', { queries: [{ view: 'paths' }] }).catch(() => null);
  const [answer] = result?.answers ?? [];
  if (result?.status !== 'answered' || !answer?.ok) return null;
  const { symbols, sources } = answer.value as { symbols: readonly string[]; sources: readonly string[] };
  return (which === 'symbolPath' ? symbols : sources).join(';');
}

interface Props {
  readonly which: Which;
  onClose(): void;
}

/** Of the session that is there, by its command; else of those that begin from now on. */
export function PathDialog({ which, onClose }: Props): ReactNode {
  const { title, command, what } = texts[which];
  const id = useId();
  const inSession = useStore(guiState)?.mode === 'session';
  const attached = useStore(attachment);
  const viewer = attached.status === 'attached' && attached.you.role === 'viewer';
  const kept = useStore(settings)?.values[which] ?? '';
  const [lines, setLines] = useState<string | null>(null);
  const [known, setKnown] = useState(true);
  const [reload, setReload] = useState(which === 'symbolPath');
  const [problem, setProblem] = useState('');

  // Once, as the dialog opens.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed afterwards is not to be replaced
  useEffect(() => {
    if (!inSession) {
      setLines(asLines(kept));
      return;
    }
    void pathNow(which).then((path) => {
      setKnown(path !== null);
      setLines((now) => now ?? asLines(path ?? ''));
    });
  }, []);

  const save = async () => {
    const path = asPath(lines ?? '');
    if (viewer) return onClose();
    if (!inSession) {
      const why = await setPreferences({ [which]: path });
      setProblem(why);
      if (why !== '') return;
    } else if (path !== '' || known) {
      // With nothing at all behind it the command would show the path.
      void execute(path === '' ? `${command} ;` : `${command} ${path}`);
      if (reload) void execute('.reload');
    }
    onClose();
  };
  return (
    <Dialog
      title={title}
      onSubmit={save}
      onCancel={onClose}
      buttons={
        <>
          <button type="submit" className="primary" disabled={lines === null}>
            OK
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </>
      }
    >
      <LinesField
        label={`${what}, one a line`}
        value={lines ?? ''}
        onChange={setLines}
        mono
        autoFocus
        rows={6}
        disabled={viewer}
        hint={
          inSession
            ? `Of this session, on the machine where its engine runs: ${command} sets it.`
            : 'For the sessions that begin from now on.'
        }
      />
      {!known && (
        <p className="muted">
          What it is now is told when the target stands. What you type here takes its place.
        </p>
      )}
      <div className="row">
        <BrowseButton
          title="Choose a folder"
          kind="folder"
          disabled={viewer}
          onChosen={(folder) => setLines((now) => (now ? `${now.trimEnd()}\n${folder}` : folder))}
        />
        {inSession && which === 'symbolPath' && (
          <label className="choice" htmlFor={`${id}-reload`}>
            <input
              id={`${id}-reload`}
              type="checkbox"
              checked={reload}
              onChange={(event) => setReload(event.target.checked)}
            />
            Reload symbols
          </label>
        )}
      </div>
      {problem !== '' && (
        <ErrorNote error={{ code: 'BAD_REQUEST', message: problem, action: '', data: {} }} />
      )}
    </Dialog>
  );
}
