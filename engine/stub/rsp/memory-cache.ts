/** Pages as the kernel has them: a page can be read or not, never half of it. */
export const PAGE = 4096;
const PAGE_DIGITS = 3;

/** What is kept at most; then all of it goes. */
const MAX_PAGES = 16_384;

interface Page {
  /** Its bytes as hexadecimal digits, those from `from` to `to`: as the protocol carries them. */
  readonly digits: Buffer;
  readonly from: number;
  readonly to: number;
}

export type PageState = 'absent' | 'pending' | 'failed' | 'there';

/** An address or its page's number: exact, for 52 bits fit a number where 64 do not. */
export interface Place {
  readonly page: number;
  readonly offset: number;
}

export function placeOf(address: string): Place {
  const page = address.length > PAGE_DIGITS ? Number.parseInt(address.slice(0, -PAGE_DIGITS), 16) : 0;
  return { page, offset: Number.parseInt(address.slice(-PAGE_DIGITS), 16) };
}

export function addressOf({ page, offset }: Place): string {
  return (
    (page === 0 ? '' : page.toString(16)) + offset.toString(16).padStart(page === 0 ? 1 : PAGE_DIGITS, '0')
  );
}

/** So far from a place; pages beyond the end of the address space do not occur. */
export function moved({ page, offset }: Place, by: number): Place {
  const at = offset + by;
  const pages = Math.floor(at / PAGE);
  return { page: page + pages, offset: at - pages * PAGE };
}

/** A target's memory between two resumes, in pages. */
export class MemoryCache {
  readonly #pages = new Map<number, Page | 'pending' | 'failed'>();

  clear(): void {
    this.#pages.clear();
  }

  /** Of the part of a page that is asked for. */
  state(page: number, from: number, to: number): PageState {
    const found = this.#pages.get(page);
    if (found === undefined) return 'absent';
    if (typeof found === 'string') return found;
    if (from < found.from) return 'absent';
    // It was asked for to its end: a stub that gave less is not asked again and again, but what GDB asks it itself.
    return to <= found.to ? 'there' : 'failed';
  }

  begin(page: number): void {
    if (this.#pages.size >= MAX_PAGES) this.clear();
    this.#pages.set(page, 'pending');
  }

  /** `digits`: of the page's bytes from `from` on; null: they cannot be read. */
  put(page: number, from: number, digits: Buffer | null): void {
    if (digits === null || digits.length === 0) this.#pages.set(page, 'failed');
    else this.#pages.set(page, { digits, from, to: from + digits.length / 2 });
  }

  /** Digits of bytes that are there: see {@link state}. */
  read(place: Place, length: number): Buffer {
    const parts: Buffer[] = [];
    let left = length;
    for (let at = place; left > 0; ) {
      const size = Math.min(left, PAGE - at.offset);
      const page = this.#pages.get(at.page);
      if (page === undefined || typeof page === 'string') throw new RangeError('the page is not there');
      const start = (at.offset - page.from) * 2;
      parts.push(page.digits.subarray(start, start + size * 2));
      left -= size;
      at = moved(at, size);
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}
