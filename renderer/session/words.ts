import type { ClientInfo, Role, TargetState } from '../../engine/protocol/session.ts';

const roles: Record<Role, string> = { owner: 'Owner', controller: 'Controller', viewer: 'Viewer' };

export const roleWord = (role: Role): string => roles[role];

/** `short` for the status bar, where the target's own words name the process already; `full` says it all. */
export function processAndThread({ process, thread, kernel }: TargetState): {
  short: string;
  full: string;
} | null {
  if (kernel) {
    const processor = thread ? `Processor ${thread.index}` : '';
    return processor === '' ? null : { short: processor, full: `Kernel, ${processor.toLowerCase()}` };
  }
  if (!process) return null;
  const full = `Process ${process.index} (${process.pid}, ${process.name})`;
  if (!thread) return { short: `Process ${process.index} (${process.pid})`, full };
  const name = thread.name === '' ? '' : `, ${thread.name}`;
  return {
    short: `Thread ${thread.index} (${thread.tid})`,
    full: `${full}, thread ${thread.index} (${thread.tid}${name})`,
  };
}

export const nameOf = ({ host, user, via }: ClientInfo): string => `${host}\\${user} (${via})`;

export function othersHere(clients: readonly ClientInfo[], ownId: number): { text: string; names: string } {
  const others = clients.filter(({ id }) => id !== ownId);
  const names = others.map(nameOf).join('\n');
  if (others.length === 0) return { text: 'Nobody else here', names: 'Only you are in this session.' };
  return { text: others.length === 1 ? '1 other here' : `${others.length} others here`, names };
}

/** Whether commands that run or step the target make sense now. */
export const canRun = (state: TargetState | null): boolean =>
  state?.run === 'stopped' && state.kind === 'live';
export const canBreak = (state: TargetState | null): boolean =>
  state?.run === 'running' || state?.run === 'busy';
export const isBusy = canBreak;
