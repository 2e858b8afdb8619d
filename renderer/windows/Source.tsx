import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SourceView } from '../../engine/protocol/views.ts';
import { restyle } from '../lib/shadow-styles.ts';
import { execute } from '../session/actions.ts';
import { attachment, target } from '../session/stores.ts';
import { SourceEditor } from '../source/editor.ts';
import { differenceOf, remember, rememberedFor, substitutionCommand } from '../source/substitutions.ts';
import { useView } from '../views/useView.ts';
import { WindowBody } from '../views/WindowBody.tsx';
import { AddLine } from './AddLine.tsx';
import { FileBox } from './FileBox.tsx';
import { ToolBar } from './ToolBar.tsx';
import { baseName } from './text.ts';

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
  /** A file that was opened; '' follows the target. */
  const [opened, setOpened] = useState('');
  const shown = useView<'source'>({ view: 'source', file: opened, known, threads: true });
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

  // The target has run on: where it stands now is what one wants to see.
  useEffect(
    () =>
      target.subscribe(() => {
        if (target.get()?.run === 'running') setOpened('');
      }),
    [],
  );

  useRemembered(value);
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
      <ToolBar label="Source">
        <FileBox file={value?.file ?? ''} onOpen={setOpened} />
        {opened !== '' && (
          <button type="button" className="quiet" onClick={() => setOpened('')}>
            Back to the current line
          </button>
        )}
      </ToolBar>
      {value && !value.readable && <Missing key={value.file} value={value} />}
      <div className="source" hidden={!readable}>
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
  return <Locate file={value.file} />;
}

/** What was said before of where such files are is said again, once for each. */
function useRemembered(value: SourceView | null): void {
  const tried = useRef(new Set<string>());
  const file = value && !value.readable ? value.file : '';
  useEffect(() => {
    const now = attachment.get();
    const known = now.status === 'attached' && file !== '' ? rememberedFor(now.host, file) : null;
    if (!known || tried.current.has(known.from) || !mayChange()) return;
    tried.current.add(known.from);
    void execute(substitutionCommand(known));
  }, [file]);
}

/** Asks where a source file is, and remembers it for all that lie beside it. */
function Locate({ file }: { readonly file: string }): ReactNode {
  const [problem, setProblem] = useState('');
  const found = (path: string) => {
    const difference = differenceOf(file, path);
    const now = attachment.get();
    if (difference && now.status === 'attached') {
      setProblem('');
      remember({ host: now.host, ...difference });
      void execute(substitutionCommand(difference));
    } else
      setProblem(`That is no other place of ${baseName(file)}: name the file itself, with its whole path.`);
  };
  return (
    <>
      <p className="window-empty muted">
        {`${file} cannot be read on the engine's machine. Name the file where it is there: what is another in its path is replaced for all files (!addsourcemap), now and in later sessions. Or name a folder to look in (.srcpath+).`}
      </p>
      {problem !== '' && (
        <p className="window-empty tool-error" role="alert">
          {problem}
        </p>
      )}
      <AddLine
        label="Where the file is"
        placeholder={`The file itself: /home/me/project/${baseName(file)}`}
        onAdd={found}
      />
      <AddLine
        label="Folder with the source"
        placeholder="A folder: /home/me/project/src"
        onAdd={(folder) => void execute(`.srcpath+ ${folder}`)}
      />
    </>
  );
}
