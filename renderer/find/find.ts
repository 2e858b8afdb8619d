import { EditorView } from '@codemirror/view';
import { createStore } from '../lib/store.ts';
import { setHighlight } from '../output/line-decorations.ts';
import { output } from '../output/output.ts';
import { type Breathe, type Found, findNext, findPrevious, patternOf, type Tally, tally } from './scan.ts';

export interface Find {
  readonly open: boolean;
  readonly query: string;
  readonly matchCase: boolean;
  readonly searching: boolean;
  /** Null: not counted (yet). */
  readonly tally: Tally | null;
}

const closed: Find = { open: false, query: '', matchCase: false, searching: false, tally: null };

export const find = createStore<Find>(closed);
/** Counts the calls to the find bar, so that it takes the focus each time. */
export const findCalls = createStore(0);

const SLICE_MS = 8;
let search = 0;

/** Searches in slices, so that no frame waits for a million lines. */
function breather(mine: number): Breathe {
  let sliceBegan = performance.now();
  return async () => {
    if (performance.now() - sliceBegan > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      sliceBegan = performance.now();
    }
    return mine === search;
  };
}

const change = (part: Partial<Find>) => find.update((now) => ({ ...now, ...part }));

function highlight(): void {
  const { open, query, matchCase } = find.get();
  output.view.dispatch({ effects: setHighlight.of(open ? patternOf(query, matchCase) : null) });
}

function select({ from, to }: Found): void {
  output.follow.stay();
  output.view.dispatch({
    selection: { anchor: from, head: to },
    effects: EditorView.scrollIntoView(from, { y: 'center', x: 'nearest' }),
  });
}

export function openFind(): void {
  const selected = output.selectedText();
  const query = selected !== '' && !selected.includes('\n') ? selected : find.get().query;
  change({ open: true, query });
  highlight();
  findCalls.update((n) => n + 1);
}

export function closeFind(): void {
  search++;
  change({ open: false, searching: false });
  highlight();
}

export function setQuery(query: string, matchCase: boolean): void {
  change({ query, matchCase, tally: null });
  highlight();
  void go('here');
}

/** `here`: the match that stands at the selection, else the next. */
export async function go(where: 'here' | 'next' | 'previous'): Promise<void> {
  const { query, matchCase } = find.get();
  const pattern = patternOf(query, matchCase);
  const mine = ++search;
  if (!pattern) return;
  const breathe = breather(mine);
  const { doc, selection } = output.view.state;
  const { from, to } = selection.main;
  change({ searching: true });
  const found =
    where === 'previous'
      ? await findPrevious(doc, pattern, from, breathe)
      : await findNext(doc, pattern, where === 'here' ? from : to, breathe);
  if (mine !== search) return;
  if (found && found.to <= output.view.state.doc.length) select(found);
  const counted = await tally(doc, pattern, found?.from ?? -1, breathe);
  if (mine === search) change({ searching: false, tally: counted });
}
