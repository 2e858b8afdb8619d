import { type ReactNode, useState } from 'react';
import { ErrorNote } from '../lib/Note.tsx';
import { Dialog } from './Dialog.tsx';
import { TextField } from './fields.tsx';
import { OkCancel, useStarting } from './starting.tsx';

const MAX_PID = 4_194_304;

function readPid(text: string): number | null {
  const trimmed = text.trim();
  const pid = /^(?:0x[0-9a-f]+|\d+)$/i.test(trimmed) ? Number(trimmed) : 0;
  return pid > 0 && pid <= MAX_PID ? pid : null;
}

export function AttachDialog({ onClose }: { onClose(): void }): ReactNode {
  const [text, setText] = useState('');
  const [noninvasive, setNoninvasive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { working, error, start, cancel } = useStarting();

  const attach = async () => {
    if (working) return;
    const pid = readPid(text);
    if (pid === null) {
      setProblem('A process ID is a whole number, as ps and top show it: 1234. With 0x it is hexadecimal.');
      return;
    }
    if (await start('process/attach', { pid, noninvasive })) onClose();
  };

  return (
    <Dialog
      title="Attach to Process"
      size="narrow"
      onSubmit={attach}
      onCancel={() => cancel() || onClose()}
      buttons={<OkCancel working={working} progress="Attaching…" onCancel={() => cancel() || onClose()} />}
    >
      <TextField
        label="Process ID"
        value={text}
        onChange={(value) => {
          setText(value);
          setProblem(null);
        }}
        problem={problem}
        disabled={working}
        inputMode="numeric"
        mono
        autoFocus
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={noninvasive}
          disabled={working}
          onChange={(event) => setNoninvasive(event.target.checked)}
        />
        <span>
          Noninvasive
          <span className="muted">Look at it only: it is paused, never run or changed by the debugger.</span>
        </span>
      </label>
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}
