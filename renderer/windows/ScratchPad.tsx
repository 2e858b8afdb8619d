import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { ToolBar } from './ToolBar.tsx';

const MOST = 1_000_000;

/** Kept from one start of the program to the next. */
const notes = kept('notes', '', (value) => (typeof value === 'string' ? value.slice(0, MOST) : null));

/** What is selected, or the line that the caret is in. */
function chosen({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): string {
  if (selectionEnd > selectionStart) return value.slice(selectionStart, selectionEnd);
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const end = value.indexOf('\n', selectionStart);
  return value.slice(start, end < 0 ? undefined : end);
}

/** A place for notes, and for commands to be run again. */
export function ScratchPad(): ReactNode {
  const text = useStore(notes);
  const [box, setBox] = useState<HTMLTextAreaElement | null>(null);
  const run = () => {
    const lines = box ? chosen(box).split('\n') : [];
    for (const line of lines) if (line.trim() !== '') void execute(line.trim());
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    run();
  };
  return (
    <>
      <ToolBar label="Scratch Pad">
        <button type="button" className="quiet" title="Ctrl+Enter" onClick={run}>
          Run line or selection
        </button>
      </ToolBar>
      <textarea
        ref={setBox}
        className="scratch mono"
        aria-label="Scratch Pad"
        data-window-focus
        placeholder="Notes, and commands to be run again: Ctrl+Enter runs the line, or what is selected."
        value={text}
        maxLength={MOST}
        spellCheck={false}
        onChange={(event) => notes.set(event.target.value)}
        onKeyDown={keys}
      />
    </>
  );
}
