import type { MenuCommand, WindowAction, WindowId } from '../../ipc/contract.ts';
import { windowActions, windowIds } from '../../ipc/windows.ts';

/** A window to be shown, or something to be done with one. */
export type WindowEntry = `window:${WindowId}` | WindowAction;

export const windowEntries: readonly WindowEntry[] = [
  ...windowIds.map((id) => `window:${id}` as const),
  ...windowActions,
];

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
  | WindowEntry
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
  ...sameNamed(windowEntries),
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

function sameNamed<T extends string>(names: readonly T[]): { [N in T]: N } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [N in T]: N };
}
