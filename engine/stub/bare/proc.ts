import type { SignalDisposition } from '../../backend/types.ts';
import type { MappedFile } from '../../machine/machine.ts';
import { signalNumber } from '../../machine/signals.ts';

/** Files of Linux's /proc, as texts that came from elsewhere. */

export type Status = ReadonlyMap<string, string>;

export function statusOf(text: string): Status {
  const lines = text.split('\n').map((line) => /^(\w+):\s*(.*)$/.exec(line));
  return new Map(lines.flatMap((found) => (found ? [[found[1] ?? '', found[2] ?? ''] as const] : [])));
}

/** All of Linux's machines but Alpha and IA-64 tell times to programs in hundredths of a second. */
const TICKS = 100;

/** Milliseconds since the epoch; 0 where not known. `stat`: of the process; `system`: /proc/stat. */
export function startedOf(stat: string, system: string): number {
  const boot = Number(/^btime (\d+)$/m.exec(system)?.[1] ?? Number.NaN);
  // Behind the name in brackets, which may hold anything: the 20th number is the start.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const started = (boot + ticks / TICKS) * 1000;
  return Number.isFinite(started) ? Math.round(started) : 0;
}

/** A sentence without its full stop; null: nothing that can be seen. */
export function obstacleOf(status: Status): string | null {
  if (status.get('State')?.startsWith('Z')) return 'it has ended already (a zombie)';
  const tracer = Number(status.get('TracerPid') ?? 0);
  return tracer > 0 ? `another debugger is attached to it: process ${tracer}` : null;
}

const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+ +(\/.*|\[vdso\])$/;

export function mappingsOf(maps: string): MappedFile[] {
  return maps.split('\n').flatMap((line) => {
    const found = MAPPING.exec(line);
    if (!found) return [];
    const [, start = '', end = '', offset = '', path = ''] = found;
    return [{ start, end, offset, path }];
  });
}

export function dispositionOf(status: Status, signal: string): SignalDisposition {
  const number = signalNumber(signal);
  const has = (mask: string): boolean | null => {
    const digits = status.get(mask);
    if (number <= 0 || digits === undefined || !/^[0-9a-f]+$/.test(digits)) return null;
    return ((BigInt(`0x${digits}`) >> BigInt(number - 1)) & 1n) === 1n;
  };
  const caught = has('SigCgt');
  if (caught === null) return 'unknown';
  if (caught) return 'caught';
  return has('SigIgn') ? 'ignored' : 'default';
}

/** Words of a command line or an environment, as /proc has them. */
export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}
