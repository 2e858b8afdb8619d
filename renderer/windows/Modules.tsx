import { type ReactNode, useMemo, useState } from 'react';
import type { ModuleRow } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useView } from '../views/useView.ts';
import { WindowBody } from '../views/WindowBody.tsx';
import { FilterBox } from './FilterBox.tsx';
import { ToolBar } from './ToolBar.tsx';
import { addressText } from './text.ts';

const symbolWords: Readonly<Record<ModuleRow['symbols'], string>> = {
  deferred: 'Not read yet',
  dwarf: 'Debug information',
  exports: 'Exported names only',
  none: 'None',
};

const columns: readonly Column<ModuleRow>[] = [
  { id: 'name', title: 'Module', width: 'minmax(90px, 1fr)', mono: true, text: ({ name }) => name },
  { id: 'start', title: 'Start', width: '142px', mono: true, text: ({ start }) => addressText(start) },
  { id: 'end', title: 'End', width: '142px', mono: true, text: ({ end }) => addressText(end) },
  {
    id: 'symbols',
    title: 'Symbols',
    width: 'minmax(110px, 0.8fr)',
    text: ({ symbols }) => symbolWords[symbols],
  },
  { id: 'path', title: 'Path', width: 'minmax(100px, 2fr)', text: ({ path }) => path },
];

const idOf = ({ start, name }: ModuleRow) => `${start} ${name}`;

function titleOf({ path, buildId, symbols, symbolFile }: ModuleRow): string {
  const from = symbolFile === null ? '' : ` from ${symbolFile}`;
  return `${path}\nSymbols: ${symbolWords[symbols]}${from}\nBuild ID: ${buildId ?? 'none'}`;
}

export function Modules(): ReactNode {
  const [filter, setFilter] = useState('');
  const shown = useView<'modules'>({ view: 'modules' });
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return (shown.value?.modules ?? []).filter(({ name, path }) =>
      `${name} ${path}`.toLowerCase().includes(words),
    );
  }, [shown.value, filter]);
  return (
    <>
      <ToolBar label="Modules">
        <FilterBox label="Filter modules" value={filter} onChange={setFilter} />
      </ToolBar>
      <WindowBody shown={shown}>
        <Grid
          label="Modules"
          columns={columns}
          rows={rows}
          id={idOf}
          empty={filter === '' ? 'No module is loaded yet.' : 'No module fits the filter.'}
          dimmed={({ symbols }) => symbols === 'none'}
          title={titleOf}
          onOpen={({ name }) => void execute(`lmv m ${name}`)}
        />
      </WindowBody>
    </>
  );
}
