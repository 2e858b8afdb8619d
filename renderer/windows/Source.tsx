import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SourceView } from '../../engine/protocol/views.ts';
import { restyle } from '../lib/shadow-styles.ts';
import { execute } from '../session/actions.ts';
import { attachment, target } from '../session/stores.ts';
import { SourceEditor } from '../source/editor.ts';
import { useView } from '../views/useView.ts';
import { WindowBody } from '../views/WindowBody.tsx';
import { AddLine } from './AddLine.tsx';

const mayChange = () => {
  const now = attachment.get();
  return now.status === 'attached' && now.you.role !== 'viewer' && target.get()?.run === 'stopped';
};

const place = (file: string, line: number) => `\`${file}:${line}\``;

export function Source(): ReactNode {
  const slot = useRef<HTMLDivElement>(null);
  const editor = useRef<SourceEditor | null>(null);
  const latest = useRef<SourceView | null>(null);
  const [known, setKnown] = useState('');
  const shown = useView<'source'>({ view: 'source', file: '', known });
  const { value } = shown;
  latest.current = value;

  useEffect(() => {
    const made = new SourceEditor({
      toggleBreakpoint(line) {
        const now = latest.current;
        const there = now?.breakpoints.find((each) => each.line === line);
        if (now && mayChange()) void execute(there ? `bc ${there.id}` : `bp ${place(now.file, line)}`);
      },
      runTo(line) {
        const now = latest.current;
        if (now && mayChange()) void execute(`g ${place(now.file, line)}`);
      },
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.dispose();
    };
  }, []);

  const readable = value?.readable === true;
  useEffect(() => {
    const made = editor.current;
    if (!made || !readable) return;
    slot.current?.append(made.host);
    restyle(made.host);
    made.measure();
    if (slot.current?.closest('[data-window]') === document.activeElement) made.focus();
    return () => made.host.remove();
  }, [readable]);

  useEffect(() => {
    const made = editor.current;
    if (!made || !value?.readable) return;
    if (value.text !== null && value.file !== made.file) made.show(value.file, value.text);
    // Known from now on: its text is not sent again.
    if (made.file === value.file) setKnown(value.file);
    made.mark(value);
  }, [value]);

  return (
    <WindowBody shown={shown}>
      {value && !value.readable && <Missing value={value} />}
      <div className="source" hidden={!readable}>
        <div className="source-file muted" title={value?.file}>
          {value?.file}
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it hands the focus on to the editor */}
        <div
          className="source-slot"
          ref={slot}
          tabIndex={-1}
          data-window-focus
          onFocus={() => editor.current?.focus()}
        />
      </div>
    </WindowBody>
  );
}

/** What is wrong, and a way to mend it. */
function Missing({ value }: { value: SourceView }): ReactNode {
  if (value.file === '')
    return (
      <p className="window-empty muted">
        The code of this frame has no source lines. Step out (Shift+F11), choose another frame in the Call
        Stack window, or look at the Disassembly window.
      </p>
    );
  return (
    <>
      <p className="window-empty muted">
        {`${value.file} cannot be read on the engine's machine. Name the folder that has it; it is added to the source path (.srcpath+).`}
      </p>
      <AddLine
        label="Folder with the source"
        placeholder="/home/me/project/src"
        onAdd={(folder) => void execute(`.srcpath+ ${folder}`)}
      />
    </>
  );
}
