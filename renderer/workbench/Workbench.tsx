import {
  type AnnouncementEvent,
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewPanelProps,
} from 'dockview-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { LayoutKind } from '../../electron/ipc/contract.ts';
import { focusCommand } from '../command-window/input-state.ts';
import { useStore } from '../lib/store.ts';
import { OnScreen } from '../views/useView.ts';
import { setDock } from './actions.ts';
import { windowContent } from './content.tsx';
import { arrange, windowOf } from './default-layout.ts';
import { layoutKindNow } from './layout-kind.ts';
import { followLook, POPOUT_PAGE, restyleIn } from './popouts.ts';
import { Tab } from './Tab.tsx';
import { keepLayout, layouts } from './workspace.ts';
import 'dockview-react/dist/styles/dockview.css';
import '../styles/workbench.css';

/** Its colours are the page's own: workbench.css. */
const theme: DockviewTheme = {
  name: 'hawser',
  className: 'dockview-theme-hawser',
  gap: 6,
  dndTabIndicator: 'line',
};

function Panel({ api }: IDockviewPanelProps): ReactNode {
  const [onScreen, setOnScreen] = useState(api.isVisible);
  useEffect(() => {
    setOnScreen(api.isVisible);
    const changed = api.onDidVisibilityChange(({ isVisible }) => setOnScreen(isVisible));
    return () => changed.dispose();
  }, [api]);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const moved = api.onDidLocationChange(() =>
      requestAnimationFrame(() => frame.current && restyleIn(frame.current)),
    );
    return () => moved.dispose();
  }, [api]);
  const which = windowOf(api.id);
  if (!which) return null;
  const Content = windowContent[which.id];
  return (
    <div className="window" data-window={api.id} tabIndex={-1} ref={frame}>
      <OnScreen value={onScreen}>
        <Content instance={which.instance} />
      </OnScreen>
    </div>
  );
}

const components = { window: Panel };

/** All windows closed. */
function Nothing(): ReactNode {
  return (
    <p className="no-windows muted">
      Every window is closed. The View menu shows them again; Alt+1 is Command.
    </p>
  );
}

/** The layout as it was left; one that does not fit this version gives way to the program's own. */
function restore(api: DockviewApi, kind: LayoutKind): void {
  const kept = layouts.get()?.[kind];
  try {
    if (kept) {
      const layout = JSON.parse(kept) as ReturnType<DockviewApi['toJSON']>;
      if (!Object.keys(layout.panels).every((panel) => windowOf(panel)))
        throw new Error('it has windows that there are not');
      api.fromJSON(layout);
      return;
    }
  } catch (cause) {
    console.warn(`The layout for ${kind} sessions cannot be used: ${String(cause)}`);
  }
  arrange(api, kind);
}

/** Frames that windows may take to be drawn. */
const PATIENCE = 30;

/** Into the command line, once it is drawn; a dialog that is open sees to it when it closes. */
function focusSoon(left = PATIENCE): void {
  requestAnimationFrame(() => {
    if (document.querySelector('dialog[open]')) return;
    if (document.querySelector('[data-main-focus]')) focusCommand();
    else if (left > 0) focusSoon(left - 1);
  });
}

/** The docked windows of a session. */
export function Workbench(): ReactNode {
  const kind = useStore(layoutKindNow);
  const known = useStore(layouts) !== null;
  const [api, setApi] = useState<DockviewApi | null>(null);
  const shown = useRef<LayoutKind | null>(null);
  const place = useRef<HTMLElement>(null);
  const [spoken, setSpoken] = useState('');
  const ready = useCallback((event: DockviewReadyEvent) => {
    // What it would say goes through a region of ours; its own ones stay empty, and an alert that says nothing is none.
    for (const region of place.current?.querySelectorAll('[class^="dv-live-region"]') ?? []) region.remove();
    setApi(event.api);
  }, []);
  // That windows are opened at first is no news.
  const announce = useCallback(({ message }: AnnouncementEvent) => {
    if (shown.current !== null) setSpoken(message);
  }, []);

  useEffect(() => {
    setDock(api);
    const stop = api && followLook(api);
    return () => {
      stop?.();
      setDock(null);
    };
  }, [api]);

  useEffect(() => {
    if (!api || !kind || !known || shown.current === kind) return;
    restore(api, kind);
    shown.current = kind;
    focusSoon();
    const changed = api.onDidLayoutChange(() => keepLayout(kind, JSON.stringify(api.toJSON())));
    return () => {
      changed.dispose();
      shown.current = null;
    };
  }, [api, kind, known]);

  return (
    <main className="workbench" aria-label="Windows" ref={place}>
      <div className="visually-hidden" aria-live="polite">
        {spoken}
      </div>
      <DockviewReact
        components={components}
        defaultTabComponent={Tab}
        watermarkComponent={Nothing}
        theme={theme}
        noPanelsOverlay="watermark"
        onReady={ready}
        announcer={announce}
        popoutUrl={POPOUT_PAGE}
        floatingGroupBounds={{ minimumHeightWithinViewport: 60, minimumWidthWithinViewport: 120 }}
        getTabContextMenuItems={() => ['close', 'closeOthers', 'separator', 'float', 'maximize']}
      />
    </main>
  );
}
