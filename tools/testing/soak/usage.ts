import { readdirSync, readFileSync } from 'node:fs';

/** Of a second, as Linux counts a process's time. */
const TICKS = 100;
/** Fields of /proc/PID/stat after the name, from 0: time in user and in system mode. */
const TIMES = [11, 12];

export interface Usage {
  /** Memory. */
  readonly kib: number;
  readonly handles: number;
  /** Processor time so far, milliseconds. */
  readonly cpu: number;
}

/** What a process holds now. Zeros when it is gone. */
export function usageOf(pid: number): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      kib: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0),
      handles: readdirSync(`/proc/${pid}/fd`).length,
      cpu: TIMES.reduce((sum, field) => sum + Number(fields[field]), 0) * (1000 / TICKS),
    };
  } catch {
    return { kib: 0, handles: 0, cpu: 0 };
  }
}

/** Memory over time. */
export class MemoryCourse {
  readonly #samples: { readonly second: number; readonly mib: number }[] = [];

  add(second: number, kib: number): void {
    this.#samples.push({ second, mib: kib / 1024 });
  }

  /** Means of the second and of the last third; the first is warm-up. MiB. */
  get thirds(): { readonly second: number; readonly last: number } {
    const third = Math.floor(this.#samples.length / 3);
    const mean = (from: number, to: number) => {
      const part = this.#samples.slice(from, to);
      return part.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, part.length);
    };
    return { second: mean(third, 2 * third), last: mean(2 * third, this.#samples.length) };
  }

  /** MiB an hour, by least squares over the last two thirds. */
  get slope(): number {
    const part = this.#samples.slice(Math.floor(this.#samples.length / 3));
    const meanX = part.reduce((sum, { second }) => sum + second, 0) / part.length;
    const meanY = part.reduce((sum, { mib }) => sum + mib, 0) / part.length;
    const top = part.reduce((sum, { second, mib }) => sum + (second - meanX) * (mib - meanY), 0);
    const bottom = part.reduce((sum, { second }) => sum + (second - meanX) ** 2, 0);
    return (top / bottom) * 3600;
  }
}
