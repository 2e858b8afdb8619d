import type { KeyboardEvent } from 'react';
import type { History } from './history.ts';
import type { Completion } from './useCompletion.ts';

export interface KeyActions {
  readonly completion: Completion;
  readonly history: History;
  replace(text: string): void;
  submit(): void;
}

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.altKey && !event.metaKey;

/** While choices are offered. @returns whether the key was one of theirs */
function offerKey(event: KeyboardEvent, completion: Completion): boolean {
  if (!completion.offer) return false;
  const { key } = event;
  if (key === 'ArrowDown') completion.move(1);
  else if (key === 'ArrowUp') completion.move(-1);
  else if (key === 'Tab' && event.shiftKey) completion.move(-1);
  else if (key === 'Escape') completion.close();
  else if ((key === 'Enter' || key === 'Tab') && !event.shiftKey) completion.accept();
  else return false;
  return true;
}

function historyKey(event: KeyboardEvent<HTMLTextAreaElement>, { history, replace }: KeyActions): boolean {
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  // In a command of several lines the arrows go to its own lines first.
  const up = event.key === 'ArrowUp' && !value.slice(0, selectionStart).includes('\n');
  const down = event.key === 'ArrowDown' && !value.slice(selectionEnd).includes('\n');
  if (!(up || down) || event.shiftKey) return false;
  const entry = up ? history.up(value) : history.down();
  if (entry !== null) replace(entry);
  return true;
}

/** The keys of the command's text box. */
export function commandKey(event: KeyboardEvent<HTMLTextAreaElement>, actions: KeyActions): void {
  if (event.nativeEvent.isComposing) return;
  const { completion, replace, submit } = actions;
  const { value } = event.currentTarget;
  const { key } = event;
  const taken = () => {
    event.preventDefault();
    event.stopPropagation();
  };
  if (key === ' ' && event.ctrlKey) {
    void completion.complete();
    taken();
    return;
  }
  if (!plain(event)) return;
  if (offerKey(event, completion) || historyKey(event, actions)) taken();
  else if (key === 'Enter' && !event.shiftKey) {
    submit();
    taken();
  } else if (key === 'Tab' && !event.shiftKey && value.trim() !== '') {
    // On an empty line TAB moves on, so that the keyboard is never caught here.
    void completion.complete();
    taken();
  } else if (key === 'Escape' && value !== '') {
    replace('');
    taken();
  }
}
