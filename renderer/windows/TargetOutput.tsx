import { type KeyboardEvent, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { invoke } from '../lib/hawser.ts';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { targetOutput } from '../output/target-output.ts';
import { sendInput } from '../session/actions.ts';
import { attachment } from '../session/stores.ts';
import { OnScreen } from '../views/useView.ts';
import { ToolBar } from './ToolBar.tsx';

const END_OF_FILE = '\u0004';
const INTERRUPT = '\u0003';

/** The program's own terminal: what it writes, and what is typed to it. */
export function TargetOutput(): ReactNode {
  const onScreen = useContext(OnScreen);
  const any = useStore(targetOutput.any);
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    targetOutput.looking = onScreen;
    if (!onScreen) return;
    const { host, view, follow } = targetOutput.document;
    slot.current?.append(host);
    view.requestMeasure();
    const settled = requestAnimationFrame(() => follow.settle(false));
    const resized = new ResizeObserver(() => follow.settle(false));
    resized.observe(host);
    return () => {
      targetOutput.looking = false;
      cancelAnimationFrame(settled);
      resized.disconnect();
      host.remove();
    };
  }, [onScreen]);
  return (
    <>
      <ToolBar label="Target Output">
        <button
          type="button"
          className="quiet"
          disabled={!any}
          onClick={() => void invoke('clipboard/write', { text: targetOutput.document.text() })}
        >
          Copy all
        </button>
        <button type="button" className="quiet" disabled={!any} onClick={() => targetOutput.clear()}>
          Clear
        </button>
      </ToolBar>
      {!any && (
        <p className="window-empty muted">
          The program has written nothing yet. What it writes to its terminal stands here, apart from the
          debugger’s own text; the line below types to it.
        </p>
      )}
      <div
        className="target-output"
        role="log"
        aria-label="Target output"
        aria-live="off"
        ref={slot}
        hidden={!any}
      />
      <InputLine />
    </>
  );
}

function InputLine(): ReactNode {
  const attached = useStore(attachment);
  const [text, setText] = useState('');
  const may = attached.status === 'attached' && attached.you.role !== 'viewer';
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    if (event.key === 'Enter') {
      void sendInput(`${text}\n`);
      setText('');
    } else if (event.ctrlKey && event.key === 'd') void sendInput(END_OF_FILE);
    // Where something is selected it is copied.
    else if (event.ctrlKey && event.key === 'c' && selectionStart === selectionEnd) void sendInput(INTERRUPT);
    else return;
    event.preventDefault();
  };
  return (
    <div className="add-line">
      <Icon name="keyboard" />
      <input
        className="mono"
        type="text"
        aria-label="Input for the program"
        data-window-focus
        placeholder={
          may
            ? 'To the program: ENTER sends the line, Ctrl+D the end of file, Ctrl+C interrupts'
            : 'A viewer types nothing'
        }
        value={text}
        disabled={!may}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
      />
    </div>
  );
}
