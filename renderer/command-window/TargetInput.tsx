import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useStore } from '../lib/store.ts';
import { sendInput } from '../session/actions.ts';
import { focusCommand, targetInputShown } from './input-state.ts';

const END_OF_FILE = '\u0004';

/** What the program being debugged reads from its standard input; never a command. */
export function TargetInput(): ReactNode {
  const shown = useStore(targetInputShown);
  const [text, setText] = useState('');
  if (!shown) return null;
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      void sendInput(`${text}\n`);
      setText('');
    } else if (event.key === 'd' && event.ctrlKey) {
      void sendInput(END_OF_FILE);
    } else if (event.key === 'Escape') {
      targetInputShown.set(false);
      focusCommand();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="entry program">
      <span className="prompt program">To the program:</span>
      <input
        type="text"
        className="entry-text"
        aria-label="Target input"
        placeholder="Enter sends the line, Ctrl+D the end of file"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it appears because somebody asked for it
        autoFocus
      />
    </div>
  );
}
