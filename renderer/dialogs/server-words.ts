import type { BrowsedServer, FoundMachine, ServerKind } from '../../electron/ipc/contract.ts';

export const kindNames: Readonly<Record<ServerKind, string>> = {
  debugger: 'Debugger Server',
  process: 'Remote Process Server',
  kd: 'Remote Kernel Debugger Server',
  remote: 'Remote.exe Server',
};

const plural = (kinds: readonly ServerKind[]) =>
  kinds.every((kind) => kind === 'debugger') ? 'debugging servers' : 'process or KD connection servers';

/** Why the list is empty. `others`: servers of other kinds that the machine has. */
export function emptyText(machine: string, kinds: readonly ServerKind[], others: number): string {
  const none = `${machine} lists no ${plural(kinds)}.`;
  if (others === 0) return `${none} Hidden ones, and those that call their client, are never listed.`;
  const count = others === 1 ? 'one server' : `${others} servers`;
  return `${none} It has ${count} of other kinds, which are reached in other ways.`;
}

/** In the words of whoever looks: `Nov 21, 2026, 2:31 PM`. */
export function startedText(started: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(started);
}

/** All of a row, for who does not see it. */
export function rowLabel(server: BrowsedServer): string {
  const mark = server.answering ? '' : ', not answering';
  return `${kindNames[server.kind]}, ${server.connection}${mark}, started by ${server.user}, ${startedText(server.started)}`;
}

export function foundText(found: readonly FoundMachine[]): string {
  if (found.length === 0) return 'None has answered so far.';
  return `Offered in the box above: ${found.map(({ name }) => name).join(', ')}.`;
}
