import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { closeFind, find, findCalls, go, setQuery } from './find.ts';

const count = (n: number) => n.toLocaleString('en-US');

function resultText({ query, searching, tally }: ReturnType<typeof find.get>): string {
  if (query === '') return '';
  if (searching && !tally) return 'Searching…';
  if (!tally) return '';
  if (tally.total === 0) return 'Not found';
  return tally.index > 0 ? `${count(tally.index)} of ${count(tally.total)}` : `${count(tally.total)} found`;
}

export function FindBar({ onClosed }: { onClosed(): void }): ReactNode {
  const state = useStore(find);
  const calls = useStore(findCalls);
  const input = useRef<HTMLInputElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each call for the bar takes the focus again
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [calls]);

  if (!state.open) return null;
  const close = () => {
    closeFind();
    onClosed();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') void go(event.shiftKey ? 'previous' : 'next');
    else return;
    event.preventDefault();
  };
  return (
    <search className="find-bar" onKeyDown={(event) => event.key === 'Escape' && close()}>
      <input
        ref={input}
        type="text"
        aria-label="Find"
        placeholder="Find in the output"
        value={state.query}
        onChange={(event) => setQuery(event.target.value, state.matchCase)}
        onKeyDown={keys}
        spellCheck={false}
      />
      <button
        type="button"
        className="quiet"
        onClick={() => void go('previous')}
        title="Previous match (Shift+F3)"
      >
        <Icon name="up" />
        <span className="visually-hidden">Previous match</span>
      </button>
      <button type="button" className="quiet" onClick={() => void go('next')} title="Next match (F3)">
        <Icon name="down" />
        <span className="visually-hidden">Next match</span>
      </button>
      <label className="choice">
        <input
          type="checkbox"
          checked={state.matchCase}
          onChange={(event) => setQuery(state.query, event.target.checked)}
        />
        Match case
      </label>
      <span className="result grow" role="status">
        {resultText(state)}
      </span>
      <button type="button" className="quiet" onClick={close} title="Close (Esc)">
        <Icon name="close" />
        <span className="visually-hidden">Close find</span>
      </button>
    </search>
  );
}
