import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Possible } from '../../electron/ipc/hosted.ts';
import { invoke } from '../lib/hawser.ts';
import { output } from '../output/output.ts';
import { history, problem } from './state.ts';

const plain = (event: KeyboardEvent) =>
  !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey && !event.nativeEvent.isComposing;

/** The host's command line. Who may not run commands is told why in its place. */
export function Entry({ mayRun }: { mayRun: Possible }): ReactNode {
  const [text, setText] = useState('');

  const run = async () => {
    const command = text;
    setText('');
    history.edited();
    problem.set(null);
    output.follow.toEnd();
    const outcome = await invoke('view/run', { command });
    if (outcome.ok) return;
    problem.set(`${outcome.error.message} ${outcome.error.action}`.trim());
    // What could not be sent is not lost.
    setText((now) => (now === '' ? command : now));
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (!plain(event)) return;
    if (event.key === 'Enter') void run();
    else if (event.key === 'ArrowUp') setText(history.up(text) ?? text);
    else if (event.key === 'ArrowDown') setText(history.down() ?? text);
    else if (event.key === 'Escape' && text !== '') setText('');
    else return;
    event.preventDefault();
  };
  if (mayRun !== true)
    return (
      <p className="entry viewer" role="note">
        {mayRun}
      </p>
    );
  return (
    <div className="entry">
      <span className="prompt" aria-hidden="true">
        &gt;
      </span>
      <input
        type="text"
        className="entry-text"
        aria-label="Command"
        placeholder="A command for the debugger; everyone sees what comes of it"
        data-main-focus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          history.edited();
        }}
        onKeyDown={keys}
        maxLength={60_000}
        spellCheck={false}
        autoCapitalize="off"
      />
    </div>
  );
}
