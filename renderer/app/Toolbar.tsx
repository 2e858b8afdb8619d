import type { ReactNode } from 'react';
import { openDialog } from '../dialogs/queue.ts';
import { tell } from '../lib/hawser.ts';
import { Icon, type IconName } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { breakIn, execute } from '../session/actions.ts';
import { attachment, target } from '../session/stores.ts';
import { canBreak, canRun } from '../session/words.ts';
import { guiState } from '../state/gui.ts';

interface Tool {
  readonly icon: IconName;
  readonly text: string;
  readonly keys: string;
  readonly enabled: boolean;
  run(): void;
}

function ToolButton({ icon, text, keys, enabled, run }: Tool): ReactNode {
  return (
    <button type="button" className="quiet" title={`${text} (${keys})`} disabled={!enabled} onClick={run}>
      <Icon name={icon} className={`icon-${icon}`} />
      {text}
    </button>
  );
}

/** Where it was asked before, and told to remember, without asking. */
function stop(): void {
  const state = guiState.get();
  const ending = state?.mode === 'session' ? state.ending : null;
  if (ending) tell('session/stop', { how: ending, remember: false });
  else openDialog({ kind: 'stop' });
}

/** As the Debug menu's entries; what cannot be done now is greyed. */
export function Toolbar(): ReactNode {
  const state = useStore(target);
  const attached = useStore(attachment);
  const may = attached.status === 'attached' && attached.you.role !== 'viewer';
  const runs = may && canRun(state);
  const send = (command: string) => () => void execute(command);
  const tools: readonly (readonly Tool[])[] = [
    [
      { icon: 'go', text: 'Go', keys: 'F5', enabled: runs, run: send('g') },
      {
        icon: 'break',
        text: 'Break',
        keys: 'Ctrl+Break',
        enabled: may && canBreak(state),
        run: () => void breakIn(),
      },
    ],
    [
      { icon: 'stepInto', text: 'Step Into', keys: 'F11', enabled: runs, run: send('t') },
      { icon: 'stepOver', text: 'Step Over', keys: 'F10', enabled: runs, run: send('p') },
      { icon: 'stepOut', text: 'Step Out', keys: 'Shift+F11', enabled: runs, run: send('gu') },
    ],
    [
      {
        icon: 'restart',
        text: 'Restart',
        keys: 'Ctrl+Shift+F5',
        enabled: may && state !== null && state.kind !== 'core' && !state.kernel && state.run !== 'busy',
        run: send('.restart'),
      },
      {
        icon: 'stop',
        text: 'Stop',
        keys: 'Shift+F5',
        enabled: true,
        run: stop,
      },
    ],
  ];
  return (
    <div className="toolbar" role="toolbar" aria-label="Debug">
      {tools.map((group, i) => (
        <div key={group[0]?.icon} className="row">
          {i > 0 && <span className="separator" aria-hidden="true" />}
          {group.map((tool) => (
            <ToolButton key={tool.icon} {...tool} />
          ))}
        </div>
      ))}
      {attached.status === 'attached' && !may && (
        <span className="toolbar-note muted">
          Looking on: the buttons are for those who control the target
        </span>
      )}
    </div>
  );
}
