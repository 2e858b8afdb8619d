import type { ReactNode } from 'react';
import { useView } from '../views/useView.ts';
import { WindowBody } from '../views/WindowBody.tsx';
import { useOpenNodes, ValueTree } from './ValueTree.tsx';
import { addWatch } from './watch-list.ts';

const NO_SYMBOLS =
  'The code of this frame has no debug information. Choose another frame in the Call Stack window, or load symbols (.sympath, .reload).';

export function Locals(): ReactNode {
  const { open, paths, toggle } = useOpenNodes();
  const shown = useView<'locals'>({ view: 'locals', open: paths });
  const { value, before } = shown;
  // Another function's variables are no change of these.
  const old = before?.scope === value?.scope ? (before?.nodes ?? null) : null;
  return (
    <WindowBody shown={shown}>
      <ValueTree
        label="Locals"
        nodes={value?.nodes ?? []}
        before={old}
        open={open}
        toggle={toggle}
        empty={value?.nodes === null ? NO_SYMBOLS : 'This function has no local variables here.'}
        tools={(row) => (
          <button
            type="button"
            className="quiet"
            title="Insert"
            disabled={!row?.node.expression}
            onClick={() => row?.node.expression && addWatch(row.node.expression)}
          >
            Add to Watch
          </button>
        )}
        onKey={(event, row) => {
          if (event.key !== 'Insert' || !row?.node.expression) return false;
          addWatch(row.node.expression);
          return true;
        }}
      />
    </WindowBody>
  );
}
