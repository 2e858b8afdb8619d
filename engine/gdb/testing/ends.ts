import { afterEach } from 'vitest';

/** What is ended first has the others still there: a debugger whose stub has gone waits for it in vain before it gives up. */
const ORDER = ['debugger', 'backend', 'stub', 'process'] as const;

type Kind = (typeof ORDER)[number];

const ends = new Map<Kind, (() => Promise<void>)[]>(ORDER.map((kind) => [kind, []]));

/** After each test of a file that this is imported into, in {@link ORDER} whatever the order of imports. */
export function endAfterTests(kind: Kind, end: () => Promise<void>): void {
  ends.get(kind)?.push(end);
}

afterEach(async () => {
  for (const kind of ORDER) for (const end of ends.get(kind) ?? []) await end();
});
