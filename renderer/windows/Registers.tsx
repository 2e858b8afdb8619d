import { type ReactNode, useMemo } from 'react';
import type { RegistersView, RegisterValue } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';

const openGroups = kept<readonly string[]>('registerGroups', ['General', 'Flags'], (value) =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : null,
);

interface Row {
  readonly id: string;
  /** Null: a group itself. */
  readonly register: RegisterValue | null;
  readonly open: boolean;
}

function rowsOf(view: RegistersView | null): Row[] {
  return (view?.groups ?? []).flatMap(({ name, registers }) => [
    { id: name, register: null, open: registers !== null },
    ...(registers ?? []).map((register) => ({ id: `${name}.${register.name}`, register, open: false })),
  ]);
}

function valuesOf(view: RegistersView | null): ReadonlyMap<string, string | null> {
  return new Map(
    rowsOf(view).flatMap(({ id, register }) => (register ? [[id, register.value] as const] : [])),
  );
}

function toggle({ id }: Row): void {
  openGroups.update((open) => (open.includes(id) ? open.filter((each) => each !== id) : [...open, id]));
}

const idOf = ({ id }: Row) => id;
const tree = {
  level: ({ register }: Row) => (register ? 2 : 1),
  open: ({ register, open }: Row) => (register ? null : open),
  toggle,
};

export function Registers(): ReactNode {
  const groups = useStore(openGroups);
  const shown = useView<'registers'>({ view: 'registers', groups });
  const mayChange = useMayChange();
  const rows = useMemo(() => rowsOf(shown.value), [shown.value]);
  const before = useMemo(() => valuesOf(shown.before), [shown.before]);
  const columns: readonly Column<Row>[] = [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(90px, 1fr)',
      text: ({ id, register }) => register?.name ?? id,
      content: ({ id, register }) =>
        register ? <span className="mono">{register.name}</span> : <strong>{id}</strong>,
    },
    {
      id: 'value',
      title: 'Value',
      width: 'minmax(150px, 2.2fr)',
      mono: true,
      text: ({ register }) => (register ? (register.value ?? 'not available') : ''),
      content: ({ register }) =>
        register && (
          <>
            {register.value ?? <span className="muted">not available</span>}
            {register.note !== undefined && <span className="note-text"> {register.note}</span>}
          </>
        ),
      changed: ({ id, register }) => register !== null && before.has(id) && before.get(id) !== register.value,
    },
  ];
  return (
    <WindowBody shown={shown}>
      <Grid
        label="Registers"
        columns={columns}
        rows={rows}
        id={idOf}
        empty="This target has no registers that can be read."
        tree={tree}
        onOpen={toggle}
        editing={
          mayChange
            ? [
                {
                  column: 'value',
                  text: ({ register }) => (register?.editable ? register.value : null),
                  commit: ({ register }, text) => void execute(`r ${register?.name}=${text}`),
                },
              ]
            : undefined
        }
      />
    </WindowBody>
  );
}
