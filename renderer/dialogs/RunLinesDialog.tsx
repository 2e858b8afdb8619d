import type { ReactNode } from 'react';
import { Dialog } from './Dialog.tsx';

interface Props {
  readonly lines: readonly string[];
  run(): void;
  onClose(): void;
}

/** Before a large paste runs: a slip of the clipboard can do a lot to a target. */
export function RunLinesDialog({ lines, run, onClose }: Props): ReactNode {
  const submit = () => {
    onClose();
    run();
  };
  return (
    <Dialog
      title={`Run ${lines.length} Commands`}
      onSubmit={submit}
      onCancel={onClose}
      buttons={
        <>
          <button type="submit" className="primary" data-autofocus>
            Run
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </>
      }
    >
      <p>
        The pasted text has {lines.length} lines. Each runs as a command when the one before has finished:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className="line-list" tabIndex={0}>
        {lines.join('\n')}
      </pre>
    </Dialog>
  );
}
