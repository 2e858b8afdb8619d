import { type ReactNode, useState } from 'react';
import type { RecentEntry } from '../../electron/ipc/contract.ts';
import { MachineBrowseButton } from '../folders/MachineBrowseButton.tsx';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { machineName } from '../state/gui.ts';
import { Dialog } from './Dialog.tsx';
import { readEnvironment } from './env-lines.ts';
import { LinesField, TextField } from './fields.tsx';
import type { Where } from './queue.ts';
import { OkCancel, useStarting } from './starting.tsx';

interface Props {
  readonly machine: Where;
  readonly prefill: RecentEntry | undefined;
  onClose(): void;
}

/** On this machine, or on the stub's: there its files are browsed. */
export function ExecutableDialog({ machine, prefill, onClose }: Props): ReactNode {
  const name = useStore(machineName)[machine];
  const [program, setProgram] = useState(prefill?.text ?? '');
  const [args, setArgs] = useState(prefill?.args ?? '');
  const [cwd, setCwd] = useState('');
  const [variables, setVariables] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const { working, error, start, cancel } = useStarting();
  const environment = readEnvironment(variables);
  const browse = { machine, machineName: name, disabled: working };

  const open = async () => {
    if (working || environment.problem !== undefined) return;
    if (program.trim() === '') {
      setProblem('Name the program to debug.');
      return;
    }
    const where = cwd.trim() === '' ? {} : { cwd: cwd.trim() };
    const more = Object.keys(environment.env).length === 0 ? {} : { env: environment.env };
    if (await start('executable/open', { machine, program: program.trim(), args, ...where, ...more }))
      onClose();
  };
  const typeProgram = (value: string) => {
    setProgram(value);
    setProblem(null);
  };
  const leave = () => cancel() || onClose();

  return (
    <Dialog
      title={machine === 'local' ? 'Open Executable' : `Open Executable on ${name}`}
      onSubmit={open}
      onCancel={leave}
      buttons={<OkCancel working={working} progress="Starting the program…" onCancel={leave} />}
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
          <MachineBrowseButton
            {...browse}
            what="a program"
            kind="file"
            path={program}
            onChosen={typeProgram}
          />
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
          <MachineBrowseButton
            {...browse}
            what="a start directory"
            kind="folder"
            path={cwd}
            onChosen={setCwd}
          />
        }
      />
      <LinesField
        mono
        label="Environment"
        value={variables}
        onChange={setVariables}
        disabled={working}
        placeholder="NAME=value"
        problem={environment.problem ?? null}
        hint={`One variable a line, beside those that ${machine === 'local' ? 'Hawser' : 'the server'} has itself.`}
      />
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
