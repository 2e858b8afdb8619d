import { type ReactNode, useState } from 'react';
import type { StackFrame } from '../../engine/protocol/views.ts';
import { type Column, Grid } from '../grid/Grid.tsx';
import { invoke } from '../lib/hawser.ts';
import { useStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { kept } from '../state/settings.ts';
import { useView } from '../views/useView.ts';
import { useMayChange, WindowBody } from '../views/WindowBody.tsx';
import { Toggle, ToolBar } from './ToolBar.tsx';
import { addressText, anyRadix, baseName } from './text.ts';

const AT_FIRST = 256;
const AT_MOST = 10_000;

const withParameters = kept('stackParameters', false, asBoolean);
const withAddresses = kept('stackAddresses', false, asBoolean);

function asBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

const site: Column<StackFrame> = {
  id: 'site',
  title: 'Function',
  width: 'minmax(140px, 2fr)',
  mono: true,
  text: ({ site: text, parameters }) => text + parameters,
};
const columnsAlways: readonly Column<StackFrame>[] = [
  {
    id: 'level',
    title: '#',
    width: '44px',
    mono: true,
    text: ({ level }) => level.toString(16).padStart(2, '0'),
  },
  site,
];
const columnsOfAddresses: readonly Column<StackFrame>[] = [
  {
    id: 'pointer',
    title: 'Child-SP',
    width: '140px',
    mono: true,
    text: ({ stackPointer, inlined }) =>
      inlined || stackPointer === null ? '(inline)' : addressText(stackPointer),
  },
  {
    id: 'returns',
    title: 'Return address',
    width: '140px',
    mono: true,
    text: ({ returnAddress }) => (returnAddress === null ? '' : addressText(returnAddress)),
  },
];
const sourceColumn: Column<StackFrame> = {
  id: 'source',
  title: 'Source',
  width: 'minmax(90px, 1fr)',
  text: ({ source }) => (source ? `${baseName(source.file)} @ ${source.line}` : ''),
};

const idOf = ({ level }: StackFrame) => String(level);

function titleOf({ site: text, parameters, source, inlined }: StackFrame): string {
  const where = source ? `\n${source.file} @ ${source.line}` : '';
  return `${text}${parameters}${inlined ? ' (inlined)' : ''}${where}`;
}

function textOf(frames: readonly StackFrame[]): string {
  const line = ({ level, site: text, parameters, source }: StackFrame) =>
    `${level.toString(16).padStart(2, '0')} ${text}${parameters}${source ? ` [${source.file} @ ${source.line}]` : ''}`;
  return `${frames.map(line).join('\n')}\n`;
}

export function CallStack(): ReactNode {
  const mayChange = useMayChange();
  const parameters = useStore(withParameters);
  const addresses = useStore(withAddresses);
  const [limit, setLimit] = useState(AT_FIRST);
  const shown = useView<'stack'>({ view: 'stack', limit, parameters });
  const frames = shown.value?.frames ?? [];
  const current = shown.value?.frame;
  const select = ({ level }: StackFrame) => {
    if (level !== current && mayChange) void execute(`.frame ${anyRadix(level)}`);
  };
  return (
    <>
      <ToolBar label="Call Stack">
        <Toggle text="Parameters" store={withParameters} />
        <Toggle text="Addresses" store={withAddresses} />
        <button
          type="button"
          className="quiet"
          disabled={frames.length === 0}
          onClick={() => void invoke('clipboard/write', { text: textOf(frames) })}
        >
          Copy
        </button>
        {shown.value?.more && limit < AT_MOST && (
          <button type="button" className="quiet" onClick={() => setLimit(Math.min(AT_MOST, limit * 4))}>
            More frames
          </button>
        )}
      </ToolBar>
      <WindowBody shown={shown}>
        <Grid
          label="Call stack"
          columns={[...columnsAlways, ...(addresses ? columnsOfAddresses : []), sourceColumn]}
          rows={frames}
          id={idOf}
          empty="This thread has no frames that can be read."
          current={({ level }) => level === current}
          dimmed={({ inlined }) => inlined}
          title={titleOf}
          onOpen={select}
        />
      </WindowBody>
    </>
  );
}
