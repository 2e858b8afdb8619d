import type { WindowId } from '../../ipc/contract.ts';

/** As the View menu names them, and WinDbg's keys for them. */
export const windowLabels: Readonly<Record<WindowId, readonly [label: string, accelerator?: string]>> = {
  command: ['&Command', 'Alt+1'],
  watch: ['&Watch', 'Alt+2'],
  locals: ['&Locals', 'Alt+3'],
  registers: ['&Registers', 'Alt+4'],
  memory: ['&Memory', 'Alt+5'],
  stack: ['Call Stac&k', 'Alt+6'],
  disassembly: ['&Disassembly', 'Alt+7'],
  scratch: ['Scratch P&ad', 'Alt+8'],
  threads: ['&Processes and Threads', 'Alt+9'],
  source: ['&Source', 'Ctrl+Alt+S'],
  breakpoints: ['&Breakpoints', 'Ctrl+Alt+B'],
  modules: ['&Modules', 'Ctrl+Alt+U'],
};
