import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ListedAction } from '../../electron/ipc/contract.ts';
import { useModal } from '../dialogs/useModal.ts';
import { invoke, tell } from '../lib/hawser.ts';
import { useStore } from '../lib/store.ts';
import { target } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';
import { type Ranked, rank } from './fuzzy.ts';

/** Every action, as it can be used now. */
function useActions(): readonly ListedAction[] {
  const [list, setList] = useState<readonly ListedAction[]>([]);
  const gui = useStore(guiState);
  const run = useStore(target)?.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can be used changes with them
  useEffect(() => {
    void invoke('actions/list', undefined).then((outcome) => outcome.ok && setList(outcome.value));
  }, [gui, run]);
  return list;
}

function Title({ text, at }: { text: string; at: readonly number[] }): ReactNode {
  if (at.length === 0) return text;
  return [...text].map((letter, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a letter is where it is
    at.includes(index) ? <mark key={index}>{letter}</mark> : letter,
  );
}

function Keys({ keys }: { keys: readonly string[] }): ReactNode {
  return keys.map((each) => <kbd key={each}>{each}</kbd>);
}

interface OptionProps {
  readonly id: string;
  readonly found: Ranked<ListedAction>;
  readonly selected: boolean;
  onChoose(): void;
}

function Option({ id, found: { item, at }, selected, onChoose }: OptionProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keyboard, and says which one is active
    // biome-ignore lint/a11y/useFocusableInteractive: likewise
    <div
      ref={ref}
      id={id}
      role="option"
      className="palette-option"
      aria-selected={selected}
      aria-disabled={!item.enabled}
      onClick={onChoose}
    >
      <span className="palette-title">
        {item.menu !== '' && <span className="muted">{`${item.menu}: `}</span>}
        <Title text={item.title} at={at} />
      </span>
      {item.command !== '' && <code title="The command that it runs">{item.command}</code>}
      <span className="palette-keys">
        <Keys keys={item.keys} />
      </span>
    </div>
  );
}

/** All that can be done, found by a few letters. */
export function CommandPalette({ onClose }: { onClose(): void }): ReactNode {
  const id = useId();
  const ref = useModal();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const actions = useActions();
  const found = useMemo(() => {
    // Those that can be used now come first.
    const usable = [...actions].sort((a, b) => Number(b.enabled) - Number(a.enabled));
    const all = rank(usable, query, ({ title, menu, command }) => [title, `${menu} ${title}`, command]);
    return query === '' ? all : [...all].sort((a, b) => Number(b.item.enabled) - Number(a.item.enabled));
  }, [actions, query]);
  const active = found[Math.min(at, found.length - 1)];

  const choose = ({ item }: Ranked<ListedAction>) => {
    if (!item.enabled) return;
    onClose();
    // After the focus has gone back to where it was.
    setTimeout(() => tell('actions/run', { id: item.id }));
  };
  const key = (event: KeyboardEvent) => {
    const page = 10;
    const to = {
      ArrowDown: at + 1 >= found.length ? 0 : at + 1,
      ArrowUp: at <= 0 ? found.length - 1 : at - 1,
      PageDown: Math.min(at + page, found.length - 1),
      PageUp: Math.max(at - page, 0),
    }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === 'Enter' && active) choose(active);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <dialog
      ref={ref}
      className="palette"
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
      onKeyDown={() => undefined}
    >
      <input
        type="text"
        role="combobox"
        aria-label="Search for an action"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={active ? `${id}-${active.item.id}` : undefined}
        aria-autocomplete="list"
        placeholder="What to do: a few letters of its name, or its command"
        spellCheck={false}
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <div className="palette-list" id={`${id}-list`} role="listbox" aria-label="Actions">
        {found.map((each, index) => (
          <Option
            key={each.item.id}
            id={`${id}-${each.item.id}`}
            found={each}
            selected={index === found.indexOf(active ?? each)}
            onChoose={() => choose(each)}
          />
        ))}
      </div>
      <p className="palette-foot muted" role="status">
        {found.length === 0
          ? 'Nothing has these letters. Commands of the debugger are typed in the Command window.'
          : active && !active.item.enabled
            ? `${active.item.title} cannot be used now.`
            : `${found.length} actions. Enter runs the marked one.`}
      </p>
    </dialog>
  );
}
