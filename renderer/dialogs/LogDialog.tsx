import { type ReactNode, useState } from 'react';
import { execute } from '../session/actions.ts';
import { Dialog } from './Dialog.tsx';
import { TextField } from './fields.tsx';

/** What the session shows from now on goes into a file of the machine where its engine runs, too. */
export function LogDialog({ onClose }: { onClose(): void }): ReactNode {
  const [file, setFile] = useState('');
  const [append, setAppend] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const open = () => {
    if (file.trim() === '') {
      setProblem('Name the file.');
      return;
    }
    void execute(`${append ? '.logappend' : '.logopen'} ${file.trim()}`);
    onClose();
  };
  return (
    <Dialog
      title="Open Log File"
      onSubmit={open}
      onCancel={onClose}
      buttons={
        <>
          <button type="submit" className="primary">
            OK
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </>
      }
    >
      <TextField
        label="Log file name"
        value={file}
        onChange={setFile}
        problem={problem}
        placeholder="/home/me/session.log"
        hint="On the machine where the session’s engine runs. Edit, Close Log File ends it."
        mono
        autoFocus
      />
      <label className="choice">
        <input type="checkbox" checked={append} onChange={(event) => setAppend(event.target.checked)} />
        Append to what the file has
      </label>
    </Dialog>
  );
}
