import { type ClipboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { openDialog } from '../dialogs/queue.ts';
import { useStore } from '../lib/store.ts';
import { output } from '../output/output.ts';
import { unstarted } from '../session/own-commands.ts';
import { attachment, target } from '../session/stores.ts';
import { isBusy } from '../session/words.ts';
import { commandKey } from './command-keys.ts';
import type { Edited } from './completion.ts';
import { history, offered, sendCommands, sender } from './input-state.ts';
import { OfferList } from './OfferList.tsx';
import { commandsOf } from './sender.ts';
import { useCompletion } from './useCompletion.ts';

/** A paste of more lines is shown before it runs. */
const ASK_OVER = 20;

function run(commands: readonly string[]): void {
  sendCommands(commands);
  output.follow.toEnd();
}

/** What was typed while something else is at work, and has not begun. */
function Queued(): ReactNode {
  const state = useStore(target);
  const own = useStore(unstarted);
  const waiting = useStore(sender.waiting);
  const count = Math.max(state?.queued ?? 0, own.length) + waiting.length;
  const commands = [...own.map(({ command }) => command), ...waiting].join('\n');
  return (
    <span role="status" className="queue">
      {isBusy(state) && count > 0 && (
        <span className="chip" title={commands}>
          {`${count} queued`}
        </span>
      )}
    </span>
  );
}

export function CommandEntry(): ReactNode {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const [text, setText] = useState('');
  const state = useStore(target);
  const attached = useStore(attachment);
  const viewer = attached.status === 'attached' && attached.you.role === 'viewer';

  const edit = (edited: Edited) => {
    caret.current = edited.caret;
    setText(edited.text);
  };
  const replace = (next: string) => edit({ text: next, caret: next.length });
  const completion = useCompletion(box, edit);

  const given = useStore(offered);
  useLayoutEffect(() => {
    if (given === null) return;
    caret.current = given.length;
    setText(given);
    offered.set(null);
  }, [given]);

  useLayoutEffect(() => {
    if (caret.current !== null) box.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const submit = () => {
    const commands = commandsOf(text);
    replace('');
    run(commands.length > 0 ? commands : ['']);
  };
  /** Several lines are commands, run one after the other; a single one is typed text. */
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const pasted = event.clipboardData.getData('text/plain');
    const commands = commandsOf(text.slice(0, selectionStart) + pasted + text.slice(selectionEnd));
    if (commandsOf(pasted).length < 2) return;
    event.preventDefault();
    replace('');
    if (commands.length > ASK_OVER)
      openDialog({ kind: 'runLines', lines: commands, run: () => run(commands) });
    else run(commands);
  };

  const busy = isBusy(state);
  const prompt = state?.prompt.trimEnd() ?? '';
  const { offer } = completion;
  return (
    <div className="entry">
      {offer && <OfferList id={`${id}-offer`} offer={offer} onChoose={(i) => completion.accept(i)} />}
      <span className={`prompt ${busy ? 'busy' : ''}`} id={`${id}-prompt`} data-testid="prompt">
        {prompt}
      </span>
      <textarea
        className="entry-text"
        ref={box}
        rows={1}
        aria-label="Command"
        aria-describedby={`${id}-prompt`}
        aria-autocomplete="list"
        aria-controls={offer ? `${id}-offer` : undefined}
        aria-activedescendant={offer ? `${id}-offer-${offer.selected}` : undefined}
        data-main-focus
        value={text}
        readOnly={viewer}
        placeholder={viewer ? 'You are a viewer: you see everything, and cannot run commands.' : ''}
        spellCheck={false}
        autoCapitalize="off"
        onChange={(event) => {
          setText(event.target.value);
          history.edited();
          completion.close();
        }}
        onBlur={completion.close}
        onPaste={paste}
        onKeyDown={(event) => !viewer && commandKey(event, { completion, history, replace, submit })}
      />
      <Queued />
    </div>
  );
}
