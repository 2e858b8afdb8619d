import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { ViewResults } from '../../engine/protocol/views.ts';
import { ask } from '../session/live.ts';
import { target } from '../session/stores.ts';
import { expressionAt } from './expression-at.ts';

async function readValue(expression: string): Promise<string | null> {
  if (target.get()?.run !== 'stopped') return null;
  const { answers } = await ask('session/views', {
    queries: [{ view: 'watch', expressions: [expression], open: [] }],
  });
  const [answer] = answers;
  if (!answer?.ok) return null;
  const [node] = (answer.value as ViewResults['watch']).nodes;
  return node && node.type !== '' ? `${node.type} ${expression} = ${node.value}` : null;
}

/** Values of what the pointer rests on. */
export const hoverValues: Extension = hoverTooltip(async (view, pos) => {
  const line = view.state.doc.lineAt(pos);
  const found = expressionAt(line.text, pos - line.from);
  const text = found && (await readValue(line.text.slice(found.from, found.to)).catch(() => null));
  if (!found || !text) return null;
  return {
    pos: line.from + found.from,
    end: line.from + found.to,
    above: true,
    create() {
      const dom = document.createElement('div');
      dom.className = 'hover-value';
      dom.textContent = text;
      return { dom };
    },
  };
});
