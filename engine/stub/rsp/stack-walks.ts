import type { RegisterLayout } from './layout.ts';
import { type MemoryCache, PAGE, type Place, placeOf } from './memory-cache.ts';

/** Of one stack, and of all of them together, at one time. */
const MAX_STACK = 256 * 1024;
const MAX_STACKS = 8 * 1024 * 1024;
/** GDB reads stacks in lines of its cache. */
const LINE = 64;

export interface Walk {
  readonly thread: string;
  readonly sp: Place;
  /** Bytes above it that were fetched. */
  depth: number;
}

/** How far GDB has come in stacks, and what is to be fetched of them next. */
export class StackWalks {
  readonly #memory: MemoryCache;
  #walks: Walk[] = [];
  #last: Walk | null = null;

  constructor(memory: MemoryCache) {
    this.#memory = memory;
  }

  clear(): void {
    if (this.#walks.length > 0) this.#walks = [];
    this.#last = null;
  }

  get all(): readonly Walk[] {
    return this.#walks;
  }

  begin(thread: string, sp: string, layout: RegisterLayout): Walk {
    const { page, offset } = placeOf(sp);
    const lowest = Math.max(0, offset - layout.redZone);
    const walk = { thread, sp: { page, offset: lowest - (lowest % LINE) }, depth: 0 };
    this.#walks.push(walk);
    return walk;
  }

  /** The stack that a page belongs to. */
  of(page: number): Walk | undefined {
    return this.#walks.find(({ sp }) => page >= sp.page && (page - sp.page) * PAGE <= MAX_STACK);
  }

  /** What is missing of a stack up to a depth: the rest of its first page, then whole pages. */
  deeper(walk: Walk, depth: number): Place[] {
    const places: Place[] = [];
    const { sp } = walk;
    const first = PAGE - sp.offset;
    const pages = depth <= first ? 1 : 1 + Math.ceil((depth - first) / PAGE);
    for (let index = 0; index < pages; index += 1) {
      const place = index === 0 ? sp : { page: sp.page + index, offset: 0 };
      if (this.#memory.state(place.page, place.offset, PAGE) === 'absent') places.push(place);
    }
    walk.depth = Math.max(walk.depth, first + (pages - 1) * PAGE);
    return places;
  }

  /**
   * GDB has come to a page deeper in a stack than was fetched: twice as much of it is wanted; and when it was in another's
   * before, of all of them, for it walks one after the other.
   */
  further(walk: Walk, page: number): Place[] {
    const several = this.#last !== null && this.#last !== walk;
    this.#last = walk;
    const depth = (page - walk.sp.page + 1) * PAGE;
    const wanted = Math.min(MAX_STACK, Math.max(depth, walk.depth * 2));
    const all = several && wanted * this.#walks.length <= MAX_STACKS ? this.#walks : [walk];
    return all.flatMap((each) => this.deeper(each, wanted));
  }
}
