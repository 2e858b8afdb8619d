import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from '@codemirror/view';

/** What the target has to do with a file's lines. */
export interface Marks {
  /** From 1; null: it is elsewhere. */
  readonly line: number | null;
  /** False: the line of a caller. */
  readonly innermost: boolean;
  readonly breakpoints: readonly { readonly line: number; readonly enabled: boolean }[];
}

export const setMarks = StateEffect.define<Marks>();

const none: Marks = { line: null, innermost: true, breakpoints: [] };

const marks = StateField.define<Marks>({
  create: () => none,
  update(value, { effects }) {
    return effects.findLast((effect) => effect.is(setMarks))?.value ?? value;
  },
});

const here = Decoration.line({ class: 'here', attributes: { 'aria-current': 'true' } });
const caller = Decoration.line({ class: 'here-caller', attributes: { 'aria-current': 'true' } });

const lines = EditorView.decorations.compute([marks, 'doc'], (state): DecorationSet => {
  const { line, innermost } = state.field(marks);
  if (line === null || line > state.doc.lines) return Decoration.none;
  return Decoration.set([(innermost ? here : caller).range(state.doc.line(line).from)]);
});

class Point extends GutterMarker {
  readonly #enabled: boolean;
  constructor(enabled: boolean) {
    super();
    this.#enabled = enabled;
  }
  override eq(other: GutterMarker): boolean {
    return other instanceof Point && other.#enabled === this.#enabled;
  }
  override toDOM(): Node {
    const dot = document.createElement('span');
    dot.className = this.#enabled ? 'point' : 'point off';
    dot.title = this.#enabled ? 'Breakpoint' : 'Breakpoint, disabled';
    return dot;
  }
}
const points = [new Point(false), new Point(true)] as const;

/** Where breakpoints stand and the target is; a click sets or removes one. */
export function markedLines(toggle: (line: number) => void): Extension {
  return [
    marks,
    lines,
    gutter({
      class: 'points',
      markers: (view) => {
        const { breakpoints } = view.state.field(marks);
        const { doc } = view.state;
        const placed = breakpoints
          .filter(({ line }) => line >= 1 && line <= doc.lines)
          .map(({ line, enabled }) => points[enabled ? 1 : 0].range(doc.line(line).from));
        return RangeSet.of(placed, true);
      },
      domEventHandlers: {
        mousedown(view, block) {
          toggle(view.state.doc.lineAt(block.from).number);
          return true;
        },
      },
    }),
  ];
}
