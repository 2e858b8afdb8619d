import type { ComponentType, ReactNode } from 'react';
import type { WindowId } from '../../electron/ipc/contract.ts';
import { CommandWindow } from '../command-window/CommandWindow.tsx';
import { useStore } from '../lib/store.ts';
import { guiState } from '../state/gui.ts';

function Command(): ReactNode {
  return <CommandWindow live={useStore(guiState)?.mode === 'session'} />;
}

/** What each window shows. */
export const windowContent: Readonly<Record<WindowId, ComponentType>> = {
  command: Command,
};
