import { readCoreNotes, readElfHeader } from '../../machine/elf.ts';
import type { DebuggerState } from '../state.ts';
import { procFiles, textOf } from './proc-files.ts';

/** Milliseconds that a thread has used; `elapsed` since it began, null where that is not kept. */
export interface ThreadTimes {
  readonly tid: number;
  readonly user: number;
  readonly kernel: number;
  readonly elapsed: number | null;
}

/** USER_HZ, which is the same on all of Linux's machines that are debugged here. */
const TICK_MS = 10;

/** Of all threads, in one round trip; of a core file from its notes. */
export async function allThreadTimes(state: DebuggerState, what: string): Promise<readonly ThreadTimes[]> {
  const { spec } = state;
  if (spec?.kind === 'core') {
    const header = readElfHeader(spec.core);
    const times = (header && readCoreNotes(spec.core, header)?.times) ?? [];
    return times.map((each) => ({ ...each, elapsed: null }));
  }
  const names = state.threads.map(({ tid }) => `task/${tid}/stat`);
  const files = await procFiles(state, what, ['/proc/uptime', ...names]);
  const uptime = Number(textOf(files.get('/proc/uptime')).split(' ')[0]) * 1000;
  return state.threads.flatMap(({ tid }) => {
    const stat = textOf(files.get(`task/${tid}/stat`));
    // The name, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 20) return [];
    const ticks = (field: number): number => Number(fields[field - 3]) * TICK_MS;
    return [{ tid, user: ticks(14), kernel: ticks(15), elapsed: uptime - ticks(22) }];
  });
}
