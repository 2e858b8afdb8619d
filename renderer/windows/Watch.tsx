import type { ReactNode } from 'react';
import { useStore } from '../lib/store.ts';
import { useView } from '../views/useView.ts';
import { WindowBody } from '../views/WindowBody.tsx';
import { AddLine } from './AddLine.tsx';
import { useOpenNodes, ValueTree } from './ValueTree.tsx';
import { addWatch, removeWatch, watchList } from './watch-list.ts';

const EMPTY =
  'No expressions yet. Type one below, as C++ has them: g_head->value, (int)@eax. Drag one here from Locals, Source or elsewhere; Insert in the Locals window adds a variable.';

export function Watch(): ReactNode {
  const expressions = useStore(watchList);
  const { open, paths, toggle } = useOpenNodes();
  const shown = useView<'watch'>({ view: 'watch', expressions, open: paths });
  return (
    <>
      <WindowBody shown={shown}>
        <ValueTree
          label="Watch"
          nodes={shown.value?.nodes ?? []}
          before={shown.before?.nodes ?? null}
          open={open}
          toggle={toggle}
          empty={EMPTY}
          onDropText={addWatch}
          onDelete={({ path: [root = ''] }) => removeWatch(root)}
        />
      </WindowBody>
      <AddLine label="Watch an expression" placeholder="Expression to watch" onAdd={addWatch} />
    </>
  );
}
