import { Fragment, type ReactNode } from 'react';
import { CloseButton, Dialog } from './Dialog.tsx';

type Entry = readonly [keys: readonly string[], what: string];

const debugKeys: readonly Entry[] = [
  [['F5'], 'Go'],
  [['Ctrl+Break', 'Alt+Del'], 'Break, also while the target runs'],
  [['F11', 'F8'], 'Step into'],
  [['F10'], 'Step over'],
  [['Shift+F11'], 'Step out'],
  [['Ctrl+Shift+F5'], 'Restart'],
  [['Shift+F5'], 'Stop debugging'],
  [['Ctrl+R'], 'Connect to a remote session (while dormant)'],
  [['Ctrl+E'], 'Open an executable (while dormant)'],
];

const windowKeys: readonly Entry[] = [
  [['Enter'], 'Run the command; on an empty line the last one again'],
  [['Shift+Enter'], 'Another line in the command'],
  [['Up', 'Down'], 'Commands typed before'],
  [['Tab'], 'Complete the name of a command; on an empty line, move on'],
  [['Esc'], 'Close what is offered; clear the line'],
  [['Ctrl+F'], 'Find in the output'],
  [['F3', 'Shift+F3'], 'Next and previous match'],
  [['Ctrl+End'], 'In the output: to its end, and follow it again'],
  [['Alt+1'], 'To the Command window'],
];

const commands: readonly (readonly [string, string])[] = [
  ['g  gu  p  t', 'Go, until this function returns, step over, step into'],
  ['bp  bl  bc  bd  be', 'Breakpoints: set, list, clear, disable, enable'],
  ['k  .frame  dv', 'Stack, one of its frames, its local variables'],
  ['r  u  db dd dq da', 'Registers, disassembly, memory'],
  ['x  ln  lm  dt', 'Symbols, nearest symbol, modules, types'],
  ['~  |', 'Threads, processes'],
  ['.server  .servers  .clients', 'Share this session; who can join, who is here'],
  ['.help', 'Every command; .help NAME tells of one'],
];

function Keys({ entries }: { entries: readonly Entry[] }): ReactNode {
  return (
    <dl className="help-grid">
      {entries.map(([keys, what]) => (
        <Fragment key={what}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export function HelpDialog({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Dialog
      title="Keyboard and Commands"
      size="wide"
      reading
      onSubmit={onClose}
      onCancel={onClose}
      buttons={<CloseButton onClose={onClose} />}
    >
      <h3>Debugging</h3>
      <Keys entries={debugKeys} />
      <h3>In the Command window</h3>
      <Keys entries={windowKeys} />
      <h3>Commands</h3>
      <dl className="help-grid">
        {commands.map(([names, what]) => (
          <Fragment key={names}>
            <dt>
              <code>{names}</code>
            </dt>
            <dd>{what}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
