import { invoke } from '../lib/hawser.ts';
import { output, say } from '../output/output.ts';
import { execute } from '../session/actions.ts';
import { windowWithFocus } from './code-keys.ts';

/** What is marked, also in an editor's shadow tree. */
function selectedText(): string {
  const root =
    document.activeElement?.querySelector('.output-host')?.shadowRoot ?? document.activeElement?.shadowRoot;
  const inside = root && 'getSelection' in root ? (root as unknown as Document).getSelection() : null;
  return (inside?.toString() || document.getSelection()?.toString() || output.selectedText()).trim();
}

/** A command with what is marked behind it. */
export function onSelection(command: string): void {
  const text = selectedText();
  if (text === '') say('error', `Mark an expression or a type first: ${command} takes it.`);
  else if (text.includes('\n')) say('error', 'Mark a part of one line.');
  else void execute(`${command} ${text}`);
}

/** As it is laid out: a cell a word, a row a line. */
const textOf = (id: string) =>
  id === 'command' || id === ''
    ? output.text()
    : // biome-ignore lint/performance/useDomNodeTextContent: the text of a row's cells would run together
      (document.querySelector<HTMLElement>(`[data-window="${id}"]`)?.innerText ?? '');

/** Of the window that has the keyboard, or of the Command window. */
export async function writeWindowText(): Promise<void> {
  const id = windowWithFocus();
  const outcome = await invoke('file/saveText', {
    title: 'Write Window Text to File',
    name: `${id || 'command'}.txt`,
    text: textOf(id),
  });
  if (!outcome.ok) say('error', `${outcome.error.message} ${outcome.error.action}`);
  else if (outcome.value) say('session', `Written to ${outcome.value.file}.`);
}
