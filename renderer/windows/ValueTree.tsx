import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import type { NodePath, ValueNode } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useMayChange } from '../views/WindowBody.tsx';
import { ToolBar } from './ToolBar.tsx';
import { asValueFormat, formatted, type ValueFormat, valueFormats } from './value-formats.ts';
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
  /** Something was dragged here: an expression. */
  onDropText?(text: string): void;
  /** Beside the format, for the row that is chosen. */
  tools?(row: ValueRow | undefined): ReactNode;
}

/** As C++ reads it: not in the bases that it has no words for. */
const editable = (node: ValueNode, format: ValueFormat) =>
  editableText(formatted(node, format === 'o' || format === 't' ? 'x' : format));

const MOST_FORMATS = 500;

/** Of values that are not shown as their types say: by the ids of their rows. */
const valueFormatOf = kept<Readonly<Record<string, ValueFormat>>>('valueFormats', {}, (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([id, format]) => [id, asValueFormat(String(format))]))
    : null,
);

function setFormat(id: string, format: ValueFormat): void {
  valueFormatOf.update(({ [id]: _before, ...others }) =>
    format === ''
      ? others
      : Object.fromEntries([...Object.entries(others), [id, format]].slice(-MOST_FORMATS)),
  );
}

const idOf = ({ id }: ValueRow) => id;

/** Values with what is in them. */
export function ValueTree(props: Props): ReactNode {
  const { label, nodes, before, open, empty, toggle, onDelete, onKey, onDropText } = props;
  const mayChange = useMayChange();
  const [selected, setSelected] = useState<string | null>(null);
  const formats = useStore(valueFormatOf);
  const formatOf = ({ id }: Pick<ValueRow, 'id'>) => formats[id] ?? '';

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
      text: (row) => formatted(row.node, formatOf(row)),
      changed: ({ id, node }) => old.has(id) && old.get(id) !== node.value,
    },
    { id: 'type', title: 'Type', width: 'minmax(70px, 0.8fr)', mono: true, text: ({ node }) => node.type },
  ];
  const chosen = rows.find(({ id }) => id === selected);
  const hasBits = chosen?.node.bits !== undefined;
  return (
    <>
      <ToolBar label={label}>
        <label className="tool-label">
          Shown as
          <select
            aria-label={`Format of ${chosen?.node.name ?? 'the value'}`}
            disabled={!hasBits}
            title={
              hasBits ? undefined : 'For whole numbers, characters, enumerators and pointers: choose one'
            }
            value={chosen ? formatOf(chosen) : ''}
            onChange={(event) => chosen && setFormat(chosen.id, asValueFormat(event.target.value))}
          >
            {valueFormats.map(({ id, text }) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {props.tools?.(chosen)}
      </ToolBar>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what can be dropped can be typed too */}
      <div
        className="window-body"
        onDragOver={(event) => {
          if (onDropText && event.dataTransfer.types.includes('text/plain')) event.preventDefault();
        }}
        onDrop={(event) => {
          const text = event.dataTransfer.getData('text/plain').trim();
          if (!onDropText || text === '' || text.includes('\n')) return;
          event.preventDefault();
          onDropText(text);
        }}
      >
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
              ? [
                  {
                    column: 'value',
                    text: (row) => (row.node.editable ? editable(row.node, formatOf(row)) : null),
                    commit: ({ node }, text) => void execute(`?? ${node.expression} = ${text}`),
                  },
                ]
              : undefined
          }
          {...(onDelete && { onDelete })}
          {...(onKey && { onKey })}
          drag={({ node }) => node.expression}
          onSelect={({ id }) => setSelected(id)}
        />
      </div>
    </>
  );
}
