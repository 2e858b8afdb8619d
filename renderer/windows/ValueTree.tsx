import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import type { NodePath, ValueNode } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { execute } from '../session/actions.ts';
import { useMayChange } from '../views/WindowBody.tsx';
import { editableText, pathId, type ValueRow, valueRows, valuesById } from './values.ts';

/** Which nodes are open; kept as one moves from frame to frame. */
export function useOpenNodes(): {
  readonly open: ReadonlySet<string>;
  readonly paths: readonly NodePath[];
  toggle(path: NodePath): void;
} {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const paths = useMemo(() => [...open].map((id) => JSON.parse(id) as NodePath), [open]);
  const toggle = useCallback((path: NodePath) => {
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(pathId(path))) next.add(pathId(path));
      return next;
    });
  }, []);
  return { open, paths, toggle };
}

interface Props {
  readonly label: string;
  readonly nodes: readonly ValueNode[];
  readonly before: readonly ValueNode[] | null;
  readonly open: ReadonlySet<string>;
  readonly empty: ReactNode;
  toggle(path: NodePath): void;
  onDelete?(row: ValueRow): void;
  onKey?(event: KeyboardEvent, row: ValueRow | undefined): boolean;
}

const idOf = ({ id }: ValueRow) => id;

/** Values with what is in them. */
export function ValueTree({ label, nodes, before, open, empty, toggle, onDelete, onKey }: Props): ReactNode {
  const mayChange = useMayChange();
  const rows = useMemo(() => valueRows(nodes, open), [nodes, open]);
  const old = useMemo(() => valuesById(before), [before]);
  const columns: readonly Column<ValueRow>[] = [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(100px, 1fr)',
      mono: true,
      text: ({ node }) => node.name,
    },
    {
      id: 'value',
      title: 'Value',
      width: 'minmax(110px, 1.4fr)',
      mono: true,
      text: ({ node }) => node.value,
      changed: ({ id, node }) => old.has(id) && old.get(id) !== node.value,
    },
    { id: 'type', title: 'Type', width: 'minmax(70px, 0.8fr)', mono: true, text: ({ node }) => node.type },
  ];
  return (
    <Grid
      label={label}
      columns={columns}
      rows={rows}
      id={idOf}
      empty={empty}
      tree={{
        level: ({ path }) => path.length,
        open: ({ node, open: isOpen }) => (node.expandable ? isOpen : null),
        toggle: ({ path }) => toggle(path),
      }}
      editing={
        mayChange
          ? {
              column: 'value',
              text: ({ node }) => (node.editable ? editableText(node.value) : null),
              commit: ({ node }, text) => void execute(`?? ${node.expression} = ${text}`),
            }
          : undefined
      }
      {...(onDelete && { onDelete })}
      {...(onKey && { onKey })}
    />
  );
}
