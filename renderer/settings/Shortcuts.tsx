import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { ListedAction, SettingsState } from '../../electron/ipc/contract.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { invoke } from '../lib/hawser.ts';
import { setPreferences } from '../state/settings.ts';
import { useRecorder } from './useRecorder.ts';

const same = (a: readonly string[], b: readonly string[]) => a.join(' ') === b.join(' ');

const columns: readonly Column<ListedAction>[] = [
  {
    id: 'action',
    title: 'Action',
    width: 'minmax(180px, 1.4fr)',
    text: ({ menu, title }) => (menu === '' ? title : `${menu}: ${title}`),
  },
  { id: 'command', title: 'Command', width: 'minmax(90px, 1fr)', mono: true, text: ({ command }) => command },
  {
    id: 'keys',
    title: 'Keys',
    width: 'minmax(130px, 1fr)',
    text: ({ keys }) => keys.join(', '),
    changed: ({ keys, defaultKeys }) => !same(keys, defaultKeys),
  },
];

const idOf = ({ id }: ListedAction) => id;

/** Keys that were pressed for an action, and whose they are already. */
interface Wanted {
  readonly action: ListedAction;
  readonly keys: string;
  readonly owner: ListedAction;
}

export function Shortcuts({ state }: { state: SettingsState }): ReactNode {
  const { shortcuts } = state.values;
  const [list, setList] = useState<readonly ListedAction[]>([]);
  const [filter, setFilter] = useState('');
  const [selected, setSelected] = useState<ListedAction | null>(null);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [said, setSaid] = useState('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: anew when they have changed
  useEffect(() => {
    void invoke('actions/list', undefined).then((outcome) => outcome.ok && setList(outcome.value));
  }, [shortcuts]);

  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return list.filter(({ title, menu, keys, command }) =>
      [title, menu, command, ...keys].some((text) => text.toLowerCase().includes(words)),
    );
  }, [list, filter]);

  const give = useCallback(
    (action: ListedAction, keys: readonly string[], more: Record<string, readonly string[]> = {}) => {
      setWanted(null);
      setSaid(keys.length === 0 ? `${action.title} has no keys.` : `${action.title}: ${keys.join(', ')}`);
      const next = { ...shortcuts, ...more, [action.id]: [...keys] };
      void setPreferences({
        shortcuts: Object.fromEntries(Object.entries(next).map(([id, each]) => [id, [...each]])),
      });
    },
    [shortcuts],
  );
  const recorder = useRecorder((action, keys) => {
    const owner = list.find((each) => each.id !== action.id && each.keys.includes(keys));
    if (owner) setWanted({ action, keys, owner });
    else give(action, [keys]);
  });
  const reset = (action: ListedAction) => {
    const { [action.id]: _gone, ...others } = shortcuts;
    setSaid(`${action.title}: ${action.defaultKeys.join(', ') || 'no keys'}`);
    void setPreferences({
      shortcuts: Object.fromEntries(Object.entries(others).map(([id, each]) => [id, [...each]])),
    });
  };
  const record = (action: ListedAction) => {
    setWanted(null);
    setSaid('');
    recorder.start(action);
  };
  const now: ListedAction | null = selected && (list.find(({ id }) => id === selected.id) ?? null);
  const { recording, problem } = recorder;
  return (
    <>
      <input
        type="text"
        className="filter-box"
        aria-label="Filter the actions"
        placeholder="Filter by name, menu, command or keys"
        spellCheck={false}
        value={filter}
        data-autofocus
        onChange={(event) => setFilter(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <div className="shortcut-table">
        <Grid<ListedAction>
          label="Shortcuts"
          columns={columns}
          rows={rows}
          empty="No action has these letters."
          id={idOf}
          onSelect={setSelected}
          onOpen={record}
          onDelete={(action) => give(action, [])}
        />
      </div>
      <div className="row shortcut-buttons">
        <button type="button" disabled={!now} onClick={() => now && record(now)}>
          Change…
        </button>
        <button type="button" disabled={!now || now.keys.length === 0} onClick={() => now && give(now, [])}>
          Remove
        </button>
        <button
          type="button"
          disabled={!now || same(now.keys, now.defaultKeys)}
          onClick={() => now && reset(now)}
        >
          Reset
        </button>
        <div className="grow" role="status">
          {recording && (
            <strong>{`Press the keys for ${recording.title}; Esc leaves it as it is.${problem}`}</strong>
          )}
          {!recording && wanted === null && said}
          {wanted && (
            <span className="row">
              <span>{`${wanted.keys} is ${wanted.owner.title}.`}</span>
              <button
                type="button"
                onClick={() =>
                  give(wanted.action, [wanted.keys], {
                    [wanted.owner.id]: wanted.owner.keys.filter((each) => each !== wanted.keys),
                  })
                }
              >
                Take It from There
              </button>
              <button type="button" onClick={() => setWanted(null)}>
                Leave It
              </button>
            </span>
          )}
        </div>
      </div>
    </>
  );
}
