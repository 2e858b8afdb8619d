import type { GuiState } from '../ipc/contract.ts';

/** @param machine that the target runs on; '' where there is no target, or it is a core file */
export function windowTitle(state: GuiState, machine: string): string {
  const words = titleWords(state, machine);
  return words === null ? 'Hawser' : `${words} - Hawser`;
}

function titleWords(state: GuiState, machine: string): string | null {
  switch (state.mode) {
    case 'dormant':
      return null;
    case 'starting':
      return state.stub && stubWords(state.stub);
    case 'stub':
      return stubWords(state.stub);
    case 'linkLost':
      return state.connection;
    case 'session': {
      const where = machine || (state.stub?.machine ?? '');
      if (where === '') return state.title;
      // Of a remote session the title is how it is reached: that may be another machine.
      return state.kind === 'remote' ? `${state.title}, target on ${where}` : `${state.title} on ${where}`;
    }
  }
}

const stubWords = ({ machine, connection }: { machine: string; connection: string }) =>
  `${machine} through ${connection}`;
