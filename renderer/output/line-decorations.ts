import { RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { kindOf, lineKinds } from './line-kinds.ts';
import type { LineTable } from './line-table.ts';

const byCode = lineKinds.map((kind) => Decoration.line({ class: `line-${kind}` }));
const who = Decoration.mark({ class: 'who' });
const match = Decoration.mark({ class: 'match' });
const currentMatch = Decoration.mark({ class: 'match match-current' });
const SENDER = /\[[^\]]*\)\] /;

/** What to highlight in the lines that are on screen; null: nothing. */
export const setHighlight = StateEffect.define<RegExp | null>();
/** The kinds of lines have changed without the text having done so. */
export const redecorate = StateEffect.define<null>();

export const highlight = StateField.define<RegExp | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setHighlight)) return effect.value;
    return value;
  },
});

interface Matches {
  readonly pattern: RegExp;
  /** Where the match begins that the search stands at. */
  readonly current: number;
}

function matchesIn(
  { pattern, current }: Matches,
  text: string,
  from: number,
  builder: RangeSetBuilder<Decoration>,
) {
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    if (found[0] === '') return;
    const at = from + found.index;
    builder.add(at, at + found[0].length, at === current ? currentMatch : match);
  }
}

/** Only for what is on screen, from one byte a line: a million decorations would cost more than the text. */
function decorate(view: EditorView, table: LineTable): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const pattern = view.state.field(highlight);
  const { doc, selection } = view.state;
  const current = selection.main.empty ? -1 : selection.main.from;
  for (const range of view.visibleRanges) {
    for (let at = range.from; at <= range.to; ) {
      const line = doc.lineAt(at);
      const code = table.at(line.number - 1);
      const style = byCode[code];
      if (style) builder.add(line.from, line.from, style);
      const sender = kindOf(code) === 'command-other' ? SENDER.exec(line.text) : null;
      if (sender) {
        const from = line.from + sender.index;
        builder.add(from, from + sender[0].length, who);
      } else if (pattern) matchesIn({ pattern, current }, line.text, line.from, builder);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

const asksFor = (update: ViewUpdate) =>
  update.docChanged ||
  update.viewportChanged ||
  (update.selectionSet && update.state.field(highlight) !== null) ||
  update.transactions.some((tr) => tr.effects.some((e) => e.is(setHighlight) || e.is(redecorate)));

export function lineDecorations(table: LineTable) {
  return [
    highlight,
    ViewPlugin.define(
      (view) => ({
        decorations: decorate(view, table),
        update(update: ViewUpdate) {
          if (asksFor(update)) this.decorations = decorate(update.view, table);
        },
      }),
      { decorations: (plugin) => plugin.decorations },
    ),
  ];
}
