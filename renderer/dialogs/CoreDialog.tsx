import { type ReactNode, useState } from 'react';
import { ErrorNote } from '../lib/Note.tsx';
import { BrowseButton } from './BrowseButton.tsx';
import { Dialog } from './Dialog.tsx';
import { TextField } from './fields.tsx';
import { OkCancel, useStarting } from './starting.tsx';

interface Props {
  readonly prefill: string;
  onClose(): void;
}

export function CoreDialog({ prefill, onClose }: Props): ReactNode {
  const [core, setCore] = useState(prefill);
  const [program, setProgram] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const { working, error, start, cancel } = useStarting();

  const open = async () => {
    if (working) return;
    if (core.trim() === '') {
      setProblem('Name the core file to open.');
      return;
    }
    const more = program.trim() === '' ? {} : { program: program.trim() };
    if (await start('core/open', { core: core.trim(), ...more })) onClose();
  };
  const typeCore = (value: string) => {
    setCore(value);
    setProblem(null);
  };

  return (
    <Dialog
      title="Open Crash Dump"
      onSubmit={open}
      onCancel={() => cancel() || onClose()}
      buttons={
        <OkCancel
          working={working}
          progress="Opening the core file…"
          onCancel={() => cancel() || onClose()}
        />
      }
    >
      <TextField
        label="File name"
        value={core}
        onChange={typeCore}
        problem={problem}
        disabled={working}
        mono
        autoFocus
        beside={
          <BrowseButton title="Choose a core file" kind="file" disabled={working} onChosen={typeCore} />
        }
      />
      <TextField
        label="Program"
        value={program}
        onChange={setProgram}
        disabled={working}
        mono
        placeholder="Found from the core file"
        hint="The program that crashed, if it is not where the core file says."
        beside={
          <BrowseButton title="Choose the program" kind="file" disabled={working} onChosen={setProgram} />
        }
      />
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
