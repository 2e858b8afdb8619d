import { kept } from '../state/settings.ts';

/** Where what was compiled elsewhere lies: of the machine where the engine runs. */
export interface Substitution {
  readonly host: string;
  readonly from: string;
  readonly to: string;
}

const MOST = 200;

function isSubstitution(value: unknown): value is Substitution {
  const { host, from, to } = (value ?? {}) as Partial<Record<keyof Substitution, unknown>>;
  return typeof host === 'string' && typeof from === 'string' && typeof to === 'string';
}

const remembered = kept<readonly Substitution[]>('sourceSubstitutions', [], (value) =>
  Array.isArray(value) ? value.filter(isSubstitution) : null,
);

/**
 * What is another in two paths of one file: all but their common end.
 * @returns null where they have no common end, or only where one of them begins
 */
export function differenceOf(file: string, found: string): Pick<Substitution, 'from' | 'to'> | null {
  const missing = file.split('/');
  const there = found.split('/');
  let same = 0;
  while (
    same < Math.min(missing.length, there.length) - 1 &&
    missing[missing.length - 1 - same] === there[there.length - 1 - same]
  )
    same++;
  const from = missing.slice(0, missing.length - same).join('/');
  const to = there.slice(0, there.length - same).join('/');
  return same === 0 || from === '' || to === '' || from === to ? null : { from, to };
}

/** Sets it in the session; quoted, for paths may have blanks. */
export const substitutionCommand = ({ from, to }: Pick<Substitution, 'from' | 'to'>): string =>
  `!addsourcemap * "${to}" "${from}"`;

export function remember(substitution: Substitution): void {
  const { host, from } = substitution;
  remembered.update((list) =>
    [...list.filter((each) => each.host !== host || each.from !== from), substitution].slice(-MOST),
  );
}

/** What was said before of where such a file is. */
export const rememberedFor = (host: string, file: string): Substitution | null =>
  remembered.get().findLast((each) => each.host === host && file.startsWith(`${each.from}/`)) ?? null;
