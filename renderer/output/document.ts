import { standardKeymap } from '@codemirror/commands';
import { Compartment, EditorState, Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap } from '@codemirror/view';
import { rememberStyles } from '../lib/shadow-styles.ts';
import { editorTheme } from './editor-theme.ts';
import { Follow } from './follow.ts';
import type { Batch, BatchLink } from './line-assembler.ts';
import { lineDecorations } from './line-decorations.ts';
import { codeOf } from './line-kinds.ts';
import { LineTable } from './line-table.ts';
import { addLinks, type DocumentLink, documentLinks } from './links.ts';
import { DEFAULT_LINES, droppedLinesText, linesToDrop } from './scrollback.ts';

/**
 * The text of the Command window. The editor lives in a shadow root: there it styles itself by adopted style
 * sheets, which a Content Security Policy without inline styles allows.
 */
export class OutputDocument {
  readonly host = document.createElement('div');
  readonly view: EditorView;
  readonly follow: Follow;
  /** What a click on a link does. */
  onLink: (link: DocumentLink) => void = () => {};
  readonly #table = new LineTable();
  readonly #wrapping = new Compartment();
  #limit = DEFAULT_LINES;
  #empty = true;
  /** Lines that went from the front; the first line of the document says so. */
  #dropped = 0;

  /** @param label what a screen reader calls it */
  constructor(label = 'Output') {
    this.host.className = 'output-host';
    const root = this.host.attachShadow({ mode: 'open' });
    this.view = new EditorView({ state: this.#state(label), parent: root, root });
    rememberStyles(root);
    this.follow = new Follow(this.view);
  }

  get empty(): boolean {
    return this.#empty;
  }

  get lines(): number {
    return this.#empty ? 0 : this.view.state.doc.lines;
  }

  set limit(lines: number) {
    this.#limit = lines;
    this.#trim();
  }

  set wrap(on: boolean) {
    this.view.dispatch({ effects: this.#wrapping.reconfigure(on ? EditorView.lineWrapping : []) });
    this.follow.settle(false);
  }

  append({ parts, codes, erase = 0, links = [] }: Batch): void {
    const { doc } = this.view.state;
    // The first line of all takes the place of the empty document's one line.
    const lines = this.#empty ? parts.slice(1) : parts;
    this.#empty = false;
    this.#table.append(codes);
    const from = doc.length - erase;
    const effects =
      links.length === 0 ? [] : addLinks.of(placed(links, parts, from, lines.length < parts.length));
    this.view.dispatch({ changes: { from, to: doc.length, insert: Text.of(lines) }, effects });
    this.#trim();
    this.follow.settle(true);
  }

  clear(): void {
    this.#table.clear();
    this.#empty = true;
    this.#dropped = 0;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length } });
    this.follow.toEnd();
  }

  /** Everything, or the selection. */
  text(): string {
    return this.view.state.doc.toString();
  }

  selectedText(): string {
    const { doc, selection } = this.view.state;
    return doc.sliceString(selection.main.from, selection.main.to);
  }

  #trim(): void {
    const { doc } = this.view.state;
    const count = linesToDrop(doc, this.#limit);
    if (count === 0) return;
    // The line that counts the dropped ones is no line of the output.
    this.#dropped += this.#dropped > 0 ? count - 1 : count;
    this.#table.dropFront(count - 1);
    this.#table.set(0, codeOf('dropped'));
    const insert = droppedLinesText(this.#dropped, this.#limit);
    this.view.dispatch({ changes: { from: 0, to: doc.line(count).to, insert } });
  }

  #state(label: string): EditorState {
    return EditorState.create({
      extensions: [
        EditorState.readOnly.of(true),
        highlightSpecialChars(),
        drawSelection(),
        documentLinks((link) => this.onLink(link)),
        keymap.of(standardKeymap),
        lineDecorations(this.#table),
        this.#wrapping.of([]),
        editorTheme,
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-readonly': 'true',
          spellcheck: 'false',
          tabindex: '0',
        }),
      ],
    });
  }
}

/** Where the links of a batch stand in the document, which it goes to at `from`. `first`: nothing is there yet. */
function placed(
  links: readonly BatchLink[],
  parts: readonly string[],
  from: number,
  first: boolean,
): DocumentLink[] {
  const starts: number[] = [];
  let at = from;
  for (const [index, part] of parts.entries()) {
    starts.push(at);
    // The first line of all takes the place of the part that would continue one.
    at += first && index === 0 ? 0 : part.length + 1;
  }
  return links.map(({ part, start, end, command, foreign }) => {
    const begin = starts[part] ?? 0;
    return { from: begin + start, to: begin + end, command, foreign };
  });
}
