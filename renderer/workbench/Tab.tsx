import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { type MouseEvent, type ReactNode, useEffect, useState } from 'react';
import { Icon } from '../lib/icons.tsx';

/**
 * A window's tab. What closes it by mouse is no button: a tab is a control itself, and those must not stand in each other.
 * By keyboard it is Ctrl+F4, or the Window menu.
 */
export function Tab({ api }: IDockviewPanelHeaderProps): ReactNode {
  const [title, setTitle] = useState(api.title);
  useEffect(() => {
    const changed = api.onDidTitleChange((event) => setTitle(event.title));
    return () => changed.dispose();
  }, [api]);
  const close = (event: MouseEvent) => {
    event.stopPropagation();
    api.close();
  };
  return (
    <div className="dv-default-tab" onAuxClick={(event) => event.button === 1 && close(event)}>
      <div className="dv-default-tab-content">{title}</div>
      <span
        className="dv-default-tab-action"
        title={`Close ${title} (Ctrl+F4)`}
        aria-hidden="true"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={close}
      >
        <Icon name="close" />
      </span>
    </div>
  );
}
