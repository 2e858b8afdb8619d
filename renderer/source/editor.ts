import { standardKeymap } from '@codemirror/commands';
import { gotoLine, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { rememberStyles } from '../lib/shadow-styles.ts';
import { hoverValues } from './hover.ts';
import { colours, languageOf } from './language.ts';
import { type Marks, markedLines, setMarks } from './marks.ts';
import { sourceTheme } from './theme.ts';

export interface SourceActions {
  toggleBreakpoint(line: number): void;
  runTo(line: number): void;
}

/** A source file to be read, in a shadow root of its own (see output/document.ts). */
export class SourceEditor {
  readonly host = document.createElement('div');
  readonly #view: EditorView;
  readonly #language = new Compartment();
  readonly #label = new Compartment();
  #file = '';
  #line: number | null = null;

  constructor(actions: SourceActions) {
    this.host.className = 'output-host';
    const root = this.host.attachShadow({ mode: 'open' });
    const onLine = (act: (line: number) => void) => (view: EditorView) => {
      act(view.state.doc.lineAt(view.state.selection.main.head).number);
      return true;
    };
    const keys = [
      { key: 'F9', run: onLine(actions.toggleBreakpoint) },
      { key: 'F7', run: onLine(actions.runTo) },
      { key: 'Ctrl-F10', run: onLine(actions.runTo) },
      { key: 'Ctrl-g', run: gotoLine },
    ];
    const state = EditorState.create({
      extensions: [
        EditorState.readOnly.of(true),
        markedLines(actions.toggleBreakpoint),
        lineNumbers(),
        drawSelection(),
        search({ top: true }),
        keymap.of([...keys, ...searchKeymap, ...standardKeymap]),
        this.#language.of([]),
        this.#label.of([]),
        colours,
        hoverValues,
        sourceTheme,
      ],
    });
    this.#view = new EditorView({ state, parent: root, root });
    rememberStyles(root);
  }

  /** The file whose text is there. */
  get file(): string {
    return this.#file;
  }

  show(file: string, text: string): void {
    this.#file = file;
    this.#line = null;
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      effects: [
        this.#language.reconfigure(languageOf(file)),
        this.#label.reconfigure(
          EditorView.contentAttributes.of({
            'aria-label': `Source: ${file}`,
            'aria-readonly': 'true',
            tabindex: '0',
          }),
        ),
      ],
    });
  }

  /** Brings the target's line into sight where it is another one. */
  mark(marks: Marks): void {
    const { doc } = this.#view.state;
    const line = marks.line !== null && marks.line <= doc.lines ? doc.line(marks.line) : null;
    const moved = line !== null && marks.line !== this.#line;
    this.#line = marks.line;
    this.#view.dispatch({
      effects: [
        setMarks.of(marks),
        ...(moved ? [EditorView.scrollIntoView(line.from, { y: 'nearest', yMargin: 80 })] : []),
      ],
      ...(moved && { selection: { anchor: line.from } }),
    });
  }

  focus(): void {
    this.#view.focus();
  }

  measure(): void {
    this.#view.requestMeasure();
  }

  dispose(): void {
    this.#view.destroy();
  }
}
