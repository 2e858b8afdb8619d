import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startActions } from './app/actions.ts';
import { loadWorkbench } from './app/SessionView.tsx';
import { startHistory } from './command-window/input-state.ts';
import { closeUnfitting, openDialog } from './dialogs/queue.ts';
import { startLook } from './lib/look.ts';
import { startLinkQuality } from './people/link-quality.ts';
import { startPeople } from './people/people.ts';
import { startSession } from './session/live.ts';
import { startActionList } from './state/actions.ts';
import { guiState, startGuiState } from './state/gui.ts';
import { startSettings } from './state/settings.ts';
import { startViews } from './views/live.ts';
import { startWorkspace } from './workbench/workspace.ts';
import './styles/theme.css';
import './styles/base.css';
import './styles/browse.css';
import './styles/dialog.css';
import './styles/start.css';
import './styles/session.css';
import './styles/stub.css';
import './styles/settings.css';

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no element with the id root');

const connectDialogs = { session: 'connect', stub: 'connectStub', kernel: 'kernel' } as const;

guiState.subscribe(() => {
  const state = guiState.get();
  if (!state) return;
  closeUnfitting(state);
  // Asked for on the command line, and not done yet: a password is missing, or something is to be mended.
  if (state.mode === 'dormant' && state.connect !== undefined) {
    const { to, text } = state.connect;
    openDialog({ kind: connectDialogs[to], prefill: text, error: state.error });
  }
});
startLook();
void startSettings();
startActions();
startActionList();
startSession();
startViews();
startPeople();
startLinkQuality();
void startHistory();
startWorkspace();
void startGuiState();
createRoot(place).render(<App />);
requestIdleCallback(() => void loadWorkbench());
