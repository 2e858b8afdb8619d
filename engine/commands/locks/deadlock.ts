import type { Wait } from './waits.ts';

/**
 * Threads that wait for each other in a circle, each once, beginning with the lowest; `indexOf`: a thread's index by the system's
 * id. A thread waits for one thing at a time.
 */
export function deadlocks(
  waits: readonly Wait[],
  indexOf: (tid: number) => number | undefined,
): readonly (readonly Wait[])[] {
  const by = new Map(waits.map((wait) => [wait.thread, wait]));
  const next = ({ owner }: Wait): Wait | undefined => {
    const index = owner === null ? undefined : indexOf(owner);
    return index === undefined ? undefined : by.get(index);
  };
  const done = new Set<number>();
  const circles: Wait[][] = [];
  for (const start of [...waits].sort((a, b) => a.thread - b.thread)) {
    const path: Wait[] = [];
    let wait: Wait | undefined = start;
    while (wait && !done.has(wait.thread)) {
      done.add(wait.thread);
      path.push(wait);
      wait = next(wait);
    }
    const from = wait ? path.indexOf(wait) : -1;
    if (from >= 0) circles.push(fromLowest(path.slice(from)));
  }
  return circles;
}

function fromLowest(circle: readonly Wait[]): Wait[] {
  const lowest = Math.min(...circle.map(({ thread }) => thread));
  const at = circle.findIndex(({ thread }) => thread === lowest);
  return [...circle.slice(at), ...circle.slice(0, at)];
}
