import { type Region, STATE_BITS, TYPE_BITS, type Usage } from './describe.ts';

const USAGES: Readonly<Record<string, Usage>> = {
  var: '<unknown>',
  free: 'Free',
  image: 'Image',
  stack: 'Stack',
  heap: 'Heap',
  filemap: 'MappedFile',
  mappedfile: 'MappedFile',
  other: 'Other',
};

/** Kinds of memory that programs of Linux do not have. */
const NEVER = new Set(['teb', 'peb', 'pageheap', 'csr', 'actx', 'nls']);

/**
 * `-f:Image,PAGE_READONLY`: of names of one kind (usage, type, state, protection) one has to hold, and of each kind that is named.
 * Null: one of the words is none.
 */
export function regionFilter(text: string): ((region: Region) => boolean) | null {
  const wanted = {
    usage: [] as string[],
    type: [] as string[],
    state: [] as string[],
    protect: [] as string[],
  };
  for (const word of text.split(',').map((each) => each.trim())) {
    const lower = word.toLowerCase();
    const upper = word.toUpperCase();
    if (USAGES[lower] !== undefined) wanted.usage.push(USAGES[lower]);
    else if (NEVER.has(lower)) wanted.usage.push(lower);
    else if (upper in TYPE_BITS && upper !== '') wanted.type.push(upper);
    else if (upper in STATE_BITS) wanted.state.push(upper);
    else if (/^PAGE_\w+$/.test(upper)) wanted.protect.push(upper);
    else return null;
  }
  const holds = (names: readonly string[], name: string) => names.length === 0 || names.includes(name);
  return ({ usage, type, state, protect }) =>
    holds(wanted.usage, usage) &&
    holds(wanted.type, type) &&
    holds(wanted.state, state) &&
    holds(wanted.protect, protect);
}
