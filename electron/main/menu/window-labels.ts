import type { WindowId } from '../../ipc/contract.ts';

/** As the View menu names them, and WinDbg's keys for them. */
export const windowLabels: Readonly<Record<WindowId, readonly [label: string, accelerator?: string]>> = {
  command: ['&Command', 'Alt+1'],
};
