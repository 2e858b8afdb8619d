import { type ReactNode, useId, useState } from 'react';
import type { SettingProblem } from '../../electron/ipc/contract.ts';
import { Dialog } from '../dialogs/Dialog.tsx';
import { Tabs } from '../dialogs/kernel/Tabs.tsx';
import { invoke } from '../lib/hawser.ts';
import { Note } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { resetPreferences, settings } from '../state/settings.ts';
import { Behaviour } from './Behaviour.tsx';
import { Look } from './Look.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import '../styles/workbench.css';

export type SettingsPage = 'look' | 'keys' | 'behaviour';

const tabs: readonly { readonly key: SettingsPage; readonly title: string }[] = [
  { key: 'look', title: 'Look' },
  { key: 'keys', title: 'Shortcuts' },
  { key: 'behaviour', title: 'Paths and Behaviour' },
];

function Problems({ problems, what }: { problems: readonly SettingProblem[]; what: string }): ReactNode {
  if (problems.length === 0) return null;
  return (
    <Note tone="warning">
      <p>{what}</p>
      <ul className="setting-problems">
        {problems.map(({ name, value, why }) => (
          <li key={name}>
            <code>{name}</code>: <code>{value}</code> {why}
          </li>
        ))}
      </ul>
    </Note>
  );
}

interface Told {
  readonly text: string;
  readonly problems: readonly SettingProblem[];
}

/** What was done with files of settings. */
function useFiles() {
  const [told, setTold] = useState<Told | null>(null);
  const bring = async () => {
    const outcome = await invoke('settings/import', undefined);
    if (!outcome.ok) setTold({ text: `${outcome.error.message} ${outcome.error.action}`, problems: [] });
    else if (outcome.value)
      setTold({
        text: `Taken from ${outcome.value.file}.`,
        problems: outcome.value.problems,
      });
  };
  const keep = async () => {
    const outcome = await invoke('settings/export', undefined);
    if (!outcome.ok) setTold({ text: `${outcome.error.message} ${outcome.error.action}`, problems: [] });
    else if (outcome.value) setTold({ text: `Written to ${outcome.value.file}.`, problems: [] });
  };
  return { told, bring, keep, say: (text: string) => setTold({ text, problems: [] }) };
}

interface Props {
  readonly page: SettingsPage;
  onClose(): void;
}

/** What is changed holds at once. */
export function SettingsDialog({ page, onClose }: Props): ReactNode {
  const id = useId();
  const [shown, setShown] = useState<SettingsPage>(page);
  const state = useStore(settings);
  const { told, bring, keep, say } = useFiles();
  if (!state) return null;
  const reset = async () => {
    await resetPreferences();
    say('Everything is as the program comes.');
  };
  return (
    <Dialog
      title="Settings"
      size="wide"
      onSubmit={onClose}
      onCancel={onClose}
      buttons={
        <>
          <button type="button" onClick={() => void bring()}>
            Import…
          </button>
          <button type="button" onClick={() => void keep()}>
            Export…
          </button>
          <button type="button" onClick={() => void reset()}>
            Reset All
          </button>
          <span className="grow" />
          <button type="submit" className="primary">
            Close
          </button>
        </>
      }
    >
      <Tabs<SettingsPage>
        id={id}
        label="Settings"
        tabs={tabs}
        chosen={shown}
        disabled={false}
        onChoose={setShown}
      />
      <div role="status" className="settings-told">
        {told && (
          <>
            <p>{told.text}</p>
            <Problems problems={told.problems} what="Left out, since they cannot be used:" />
          </>
        )}
      </div>
      <Problems
        problems={state.problems}
        what="These cannot be used as they stand in the file; their defaults hold, and they stay there until you set them:"
      />
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-tab-${shown}`}
        className="settings-panel"
      >
        {shown === 'look' && <Look state={state} />}
        {shown === 'keys' && <Shortcuts state={state} />}
        {shown === 'behaviour' && <Behaviour state={state} />}
      </div>
      <p className="hint muted">
        Kept in <code className="selectable">{state.file}</code>
      </p>
    </Dialog>
  );
}
