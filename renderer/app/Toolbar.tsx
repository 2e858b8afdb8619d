import type { ReactNode } from 'react';
import type { ActionId } from '../../electron/ipc/contract.ts';
import { tell } from '../lib/hawser.ts';
import { Icon, type IconName } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { attachment, target } from '../session/stores.ts';
import { canBreak, canRun } from '../session/words.ts';
import { useActionHint } from '../state/actions.ts';

interface Tool {
  readonly id: ActionId & IconName;
  readonly text: string;
  readonly enabled: boolean;
}

function ToolButton({ id, text, enabled }: Tool): ReactNode {
  return (
    <button
      type="button"
      className="quiet"
      title={useActionHint(id)}
      disabled={!enabled}
      onClick={() => tell('actions/run', { id })}
    >
      <Icon name={id} className={`icon-${id}`} />
      {text}
    </button>
  );
}

/** As the Debug menu's entries; what cannot be done now is greyed. */
export function Toolbar(): ReactNode {
  const state = useStore(target);
  const attached = useStore(attachment);
  const may = attached.status === 'attached' && attached.you.role !== 'viewer';
  const runs = may && canRun(state);
  const restarts = may && state !== null && state.kind !== 'core' && !state.kernel && state.run !== 'busy';
  const tools: readonly (readonly Tool[])[] = [
    [
      { id: 'go', text: 'Go', enabled: runs },
      { id: 'break', text: 'Break', enabled: may && canBreak(state) },
    ],
    [
      { id: 'stepInto', text: 'Step Into', enabled: runs },
      { id: 'stepOver', text: 'Step Over', enabled: runs },
      { id: 'stepOut', text: 'Step Out', enabled: runs },
    ],
    [
      { id: 'restart', text: 'Restart', enabled: restarts },
      { id: 'stopDebugging', text: 'Stop', enabled: true },
    ],
  ];
  return (
    <div className="toolbar" role="toolbar" aria-label="Debug">
      {tools.map((group, i) => (
        <div key={group[0]?.id} className="row">
          {i > 0 && <span className="separator" aria-hidden="true" />}
          {group.map((tool) => (
            <ToolButton key={tool.id} {...tool} />
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
