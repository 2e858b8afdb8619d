import { type ReactNode, useState } from 'react';
import type { RecentEntry } from '../../electron/ipc/contract.ts';
import { ErrorNote } from '../lib/Note.tsx';
import { BrowseButton } from './BrowseButton.tsx';
import { Dialog } from './Dialog.tsx';
import { TextField } from './fields.tsx';
import { OkCancel, useStarting } from './starting.tsx';

interface Props {
  readonly prefill: RecentEntry | undefined;
  onClose(): void;
}

export function ExecutableDialog({ prefill, onClose }: Props): ReactNode {
  const [program, setProgram] = useState(prefill?.text ?? '');
  const [args, setArgs] = useState(prefill?.args ?? '');
  const [cwd, setCwd] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const { working, error, start, cancel } = useStarting();

  const open = async () => {
    if (working) return;
    if (program.trim() === '') {
      setProblem('Name the program to debug.');
      return;
    }
    const where = cwd.trim() === '' ? {} : { cwd: cwd.trim() };
    if (await start('executable/open', { program: program.trim(), args, ...where })) onClose();
  };
  const typeProgram = (value: string) => {
    setProgram(value);
    setProblem(null);
  };

  return (
    <Dialog
      title="Open Executable"
      onSubmit={open}
      onCancel={() => cancel() || onClose()}
      buttons={
        <OkCancel working={working} progress="Starting the program…" onCancel={() => cancel() || onClose()} />
      }
    >
      <TextField
        label="File name"
        value={program}
        onChange={typeProgram}
        problem={problem}
        disabled={working}
        mono
        autoFocus
        beside={
          <BrowseButton title="Choose a program" kind="file" disabled={working} onChosen={typeProgram} />
        }
      />
      <TextField
        label="Arguments"
        value={args}
        onChange={setArgs}
        disabled={working}
        mono
        hint="As in a shell: separated by blanks, quoted where one holds a blank."
      />
      <TextField
        label="Start directory"
        value={cwd}
        onChange={setCwd}
        disabled={working}
        mono
        beside={
          <BrowseButton title="Choose a start directory" kind="folder" disabled={working} onChosen={setCwd} />
        }
      />
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
