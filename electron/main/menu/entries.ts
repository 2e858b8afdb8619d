import type { MenuCommand } from '../../ipc/contract.ts';

/** Entries whose use depends on what is debugged. The others are always to be had. */
export type EntryId =
  | 'openExecutable'
  | 'attachProcess'
  | 'openCore'
  | 'connectRemote'
  | 'connectStub'
  | 'kernelDebug'
  | 'disconnectStub'
  | 'shareSession'
  | 'recent'
  | 'copyAll'
  | 'find'
  | 'findNext'
  | 'clearCommandWindow'
  | 'focusCommand'
  | 'servers'
  | 'clients'
  | 'commandHelp'
  | 'go'
  | 'stepInto'
  | 'stepOver'
  | 'stepOut'
  | 'break'
  | 'restart'
  | 'stopDebugging';

/** Entries that the page carries out. */
export const pageEntries: Readonly<Partial<Record<EntryId, MenuCommand>>> = {
  openExecutable: 'openExecutable',
  attachProcess: 'attachProcess',
  openCore: 'openCore',
  connectRemote: 'connectRemote',
  connectStub: 'connectStub',
  kernelDebug: 'kernelDebug',
  shareSession: 'shareSession',
  copyAll: 'copyAll',
  find: 'find',
  findNext: 'findNext',
  clearCommandWindow: 'clearCommandWindow',
  focusCommand: 'focusCommand',
  servers: 'servers',
  clients: 'clients',
  commandHelp: 'commandHelp',
};

/** Entries that are a command of the session. */
export const commandEntries: Readonly<Partial<Record<EntryId, string>>> = {
  go: 'g',
  stepInto: 't',
  stepOver: 'p',
  stepOut: 'gu',
  restart: '.restart',
};
