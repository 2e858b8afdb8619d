import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap } from '@codemirror/view';

/** A part of the document that runs a command. */
export interface DocumentLink {
  readonly from: number;
  readonly to: number;
  readonly command: string;
  /** Somebody else has written it: it is to be looked at before it runs. */
  readonly foreign: boolean;
}

type Follow = (link: DocumentLink) => void;

export const addLinks = StateEffect.define<readonly DocumentLink[]>();

const mark = ({ command, foreign }: DocumentLink) =>
  Decoration.mark({
    class: foreign ? 'dml-link dml-foreign' : 'dml-link',
    attributes: { role: 'link', title: foreign ? `Puts into the command line: ${command}` : command },
    command,
    foreign,
  });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(links, transaction) {
    let now = links.map(transaction.changes);
    for (const effect of transaction.effects)
      if (effect.is(addLinks))
        now = now.update({ add: effect.value.map((link) => mark(link).range(link.from, link.to)) });
    return now;
  },
  provide: (own) => EditorView.decorations.from(own),
});

function linkAt(view: EditorView, at: number): DocumentLink | null {
  let found: DocumentLink | null = null;
  view.state.field(field).between(at, at, (from, to, { spec }) => {
    // Behind its last character the caret is in it still.
    found ??= { from, to, command: spec.command as string, foreign: spec.foreign as boolean };
  });
  return found;
}

/** The next link behind the caret, or before it; null: there is none that way. */
function neighbour(view: EditorView, back: boolean): DocumentLink | null {
  const { main } = view.state.selection;
  let found: DocumentLink | null = null;
  const [start, end] = back ? [0, main.from] : [main.to, view.state.doc.length];
  view.state.field(field).between(start, end, (from, to, { spec }) => {
    const here = { from, to, command: spec.command as string, foreign: spec.foreign as boolean };
    if (back ? to <= main.from && from < main.from : from >= main.to) {
      if (back || found === null) found = here;
      if (!back) return false;
    }
    return undefined;
  });
  return found;
}

function go(view: EditorView, back: boolean): boolean {
  const link = neighbour(view, back);
  if (!link) return false;
  // Selected, so that one sees it and a screen reader says it.
  view.dispatch({ selection: { anchor: link.to, head: link.from }, scrollIntoView: true });
  return true;
}

/** Links by mouse and by keyboard: TAB goes to the next, Shift+TAB to the one before, ENTER runs the one at the caret. */
export function documentLinks(follow: Follow): Extension {
  const run = (view: EditorView): boolean => {
    const link = linkAt(view, view.state.selection.main.head);
    if (!link) return false;
    follow(link);
    return true;
  };
  return [
    field,
    keymap.of([
      { key: 'Tab', run: (view) => go(view, false), shift: (view) => go(view, true) },
      { key: 'Enter', run },
    ]),
    EditorView.domEventHandlers({
      click(event, view) {
        const target = event.target as HTMLElement;
        // What was dragged over was to be selected.
        if (event.button !== 0 || !target.closest('.dml-link') || !view.state.selection.main.empty)
          return false;
        const link = linkAt(view, view.posAtDOM(target));
        if (link) follow(link);
        return link !== null;
      },
    }),
  ];
}
