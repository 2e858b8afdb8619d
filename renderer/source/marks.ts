import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  WidgetType,
} from '@codemirror/view';

/** What the target has to do with a file's lines. */
export interface Marks {
  /** From 1; null: it is elsewhere. */
  readonly line: number | null;
  /** False: the line of a caller. */
  readonly innermost: boolean;
  readonly breakpoints: readonly { readonly line: number; readonly enabled: boolean }[];
  /** Where other threads are. */
  readonly threads?: readonly { readonly index: number; readonly line: number }[];
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

const elsewhere = Decoration.line({ class: 'here-thread' });

/** Says behind a line which threads are there. */
class Threads extends WidgetType {
  readonly #text: string;
  constructor(threads: readonly number[]) {
    super();
    const shown = threads.slice(0, 8).join(', ');
    const more = threads.length > 8 ? ` and ${threads.length - 8} more` : '';
    this.#text = `${threads.length === 1 ? 'thread' : 'threads'} ${shown}${more}`;
  }
  override eq(other: WidgetType): boolean {
    return other instanceof Threads && other.#text === this.#text;
  }
  override toDOM(): HTMLElement {
    const label = document.createElement('span');
    label.className = 'thread-label';
    label.textContent = this.#text;
    return label;
  }
}

function threadsByLine({ threads = [] }: Marks): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const { line, index } of threads) found.set(line, [...(found.get(line) ?? []), index]);
  return found;
}

const lines = EditorView.decorations.compute([marks, 'doc'], (state): DecorationSet => {
  const now = state.field(marks);
  const { line, innermost } = now;
  const { doc } = state;
  const ranges = [];
  if (line !== null && line <= doc.lines) ranges.push((innermost ? here : caller).range(doc.line(line).from));
  for (const [at, threads] of threadsByLine(now)) {
    if (at < 1 || at > doc.lines) continue;
    const { from, to } = doc.line(at);
    if (at !== line) ranges.push(elsewhere.range(from));
    ranges.push(Decoration.widget({ widget: new Threads(threads), side: 1 }).range(to));
  }
  return Decoration.set(ranges, true);
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
