import type { ExactReads } from './exact-reads.ts';
import { ERROR, type Exchange, type Outcome, type Question } from './exchange.ts';
import { expedited, type RegisterLayout, stackPointer } from './layout.ts';
import { addressOf, MemoryCache, moved, PAGE, type Place, placeOf } from './memory-cache.ts';
import { encodePacket, expandRuns, type RspPacket } from './packets.ts';
import { ReadAhead } from './read-ahead.ts';
import { StackWalks } from './stack-walks.ts';

/** Small reads that a fast link passes on as they are, after each stop: stepping reads no more. */
const PATIENCE = 4;
/** Reads from here on are copies of memory, not looks at it. */
const LARGE = 1024;
/** So much above the stack pointer is fetched ahead at least. */
const STACK = 2048;
/** Larger ones are not put together out of pages. */
const MAX_KEPT = 4 * PAGE;
const MAX_RUN = 16;

/** Memory in pages, stacks as far as GDB may want them, copies of much memory ahead of GDB. */
export class MemoryReads {
  readonly #exchange: Exchange;
  readonly #exact: ExactReads;
  readonly #memory = new MemoryCache();
  readonly #walks = new StackWalks(this.#memory);
  readonly #ahead = new ReadAhead();
  layout: RegisterLayout | null = null;
  #small = 0;
  /** Pages in a row that were missed, for ever longer runs of them. */
  #lastPage = -1;
  #run = 1;

  constructor(exchange: Exchange, exact: ExactReads) {
    this.#exchange = exchange;
    this.#exact = exact;
  }

  forget(): void {
    this.#walks.clear();
    this.#memory.clear();
    this.#ahead.clear();
    this.#small = 0;
    this.#lastPage = -1;
    this.#run = 1;
  }

  serve(text: string): Outcome {
    const ahead = this.#ahead.get(text);
    if (ahead === null) return 'waiting';
    const comma = text.indexOf(',');
    const address = text.slice(1, comma);
    const length = Number.parseInt(text.slice(comma + 1), 16);
    if (comma < 2 || comma > 17 || !(length > 0)) return 'pass';
    if (length >= LARGE) return this.#serveLarge(text, address, length, ahead);
    const kept = this.#exact.serve(text);
    return kept === 'pass' ? this.#serveSmall(placeOf(address), length) : kept;
  }

  #serveLarge(text: string, address: string, length: number, ahead: RspPacket | undefined): Outcome {
    const place = placeOf(address);
    if (!ahead && length <= MAX_KEPT && this.#isThere(place, length))
      return this.#exchange.answer(this.#memory.read(place, length));
    if (this.#exchange.pipelining) this.#sendAhead(this.#ahead.note(address, length));
    if (!ahead) return 'pass';
    this.#ahead.drop(text);
    return this.#exchange.passed(ahead);
  }

  #isThere(place: Place, length: number): boolean {
    return partsOf(place, length).every(
      ({ page, from, to }) => this.#memory.state(page, from, to) === 'there',
    );
  }

  #sendAhead(bodies: readonly string[]): void {
    const take = (body: string) => (answer: RspPacket) => this.#ahead.put(body, answer);
    this.#exchange.sendOfThread(bodies.map((body) => ({ raw: encodePacket(body), take: take(body) })));
  }

  #serveSmall(place: Place, length: number): Outcome {
    const missing: number[] = [];
    for (const { page, from, to } of partsOf(place, length)) {
      const state = this.#memory.state(page, from, to);
      if (state === 'failed') return 'pass';
      if (state === 'pending') return 'waiting';
      if (state === 'absent') missing.push(page);
    }
    if (missing.length === 0) return this.#exchange.answer(this.#memory.read(place, length));
    this.#small += 1;
    const patient = this.#small <= PATIENCE;
    if (patient && !(this.#exchange.slow && this.#exchange.pipelining)) return 'pass';
    this.#fetchMissing(place, missing);
    return 'waiting';
  }

  #fetchMissing(place: Place, missing: readonly number[]): void {
    const first = missing[0] ?? place.page;
    this.#fetchPages(missing);
    const walk = this.#walks.of(first);
    if (walk) {
      this.#fetchParts(this.#walks.further(walk, first));
      return;
    }
    this.#run = first === this.#lastPage + 1 ? Math.min(this.#run * 2, MAX_RUN) : 1;
    const last = missing.at(-1) ?? first;
    const more = Array.from({ length: this.#run - 1 }, (_, index) => last + 1 + index);
    this.fetchAbsent(more);
    this.#lastPage = last + more.length;
  }

  fetchAbsent(pages: readonly number[]): void {
    this.#fetchPages(pages.filter((page) => this.#memory.state(page, 0, PAGE) === 'absent'));
  }

  /** Where a thread has stopped, by its stop reply: its stack, its code. */
  fetchPlacesOf(reply: string, thread: string): void {
    if (!this.layout) return;
    const sp = expedited(reply, this.layout.spNumber);
    const pc = expedited(reply, this.layout.pcNumber);
    if (sp) this.#fetchParts(this.#walks.deeper(this.#walks.begin(thread, sp, this.layout), STACK));
    if (pc) this.#fetchPages([placeOf(pc).page]);
  }

  /** Of all threads whose registers are there, unless it was fetched before. */
  fetchStacks(all: Iterable<readonly [string, RspPacket]>): void {
    const { layout } = this;
    if (!layout) return;
    const fetched = new Set(this.#walks.all.map(({ thread }) => thread));
    for (const [thread, registers] of all) {
      if (fetched.has(thread)) continue;
      const sp = stackPointer(layout, expandRuns(registers.body));
      if (sp && sp !== '0') this.#walks.begin(thread, sp, layout);
    }
    this.#fetchParts(this.#walks.all.flatMap((walk) => this.#walks.deeper(walk, STACK)));
  }

  /** Pages, whole, together. */
  #fetchPages(pages: readonly number[]): void {
    this.#fetchParts(pages.map((page) => ({ page, offset: 0 })));
  }

  /** From each place to the end of its page. */
  #fetchParts(places: readonly Place[]): void {
    const longest = Math.floor(((this.#exchange.features?.packetSize ?? 400) - 8) / 2);
    const whole = longest >= PAGE;
    const reads = places.flatMap((place): Question[] => {
      const { page, offset } = place;
      this.#memory.begin(page);
      const length = PAGE - offset;
      if (!whole) return this.#inPieces(place, length, longest);
      return [{ raw: readOf(place, length), take: (answer) => this.#tookPage(page, offset, [answer]) }];
    });
    this.#exchange.sendOfThread(reads);
  }

  /** For stubs with small packets: a page in several. */
  #inPieces(place: Place, length: number, longest: number): Question[] {
    const size = 2 ** Math.floor(Math.log2(Math.max(longest, 16)));
    const count = Math.ceil(length / size);
    const answers: RspPacket[] = [];
    return Array.from({ length: count }, (_, index) => ({
      raw: readOf(moved(place, index * size), Math.min(size, length - index * size)),
      take: (answer: RspPacket) => {
        answers.push(answer);
        if (answers.length === count) this.#tookPage(place.page, place.offset, answers);
      },
    }));
  }

  #tookPage(page: number, from: number, answers: readonly RspPacket[]): void {
    const bodies = answers.map((answer) => expandRuns(answer.body));
    // An error has an odd number of characters: what it stands for does not.
    const bad = bodies.findIndex((body) => body.length === 0 || body.length % 2 === 1 || body[0] === ERROR);
    const good = bad < 0 ? bodies : bodies.slice(0, bad);
    this.#memory.put(page, from, good.length === 0 ? null : Buffer.concat(good));
  }
}

function* pagesOf(place: Place, length: number): Iterable<{ page: number; from: number; to: number }> {
  const end = moved(place, length - 1);
  for (let page = place.page; page <= end.page; page += 1) {
    const from = page === place.page ? place.offset : 0;
    yield { page, from, to: page === end.page ? end.offset + 1 : PAGE };
  }
}

const partsOf = (place: Place, length: number) => [...pagesOf(place, length)];

function readOf(place: Place, length: number): Buffer {
  return encodePacket(`m${addressOf(place)},${length.toString(16)}`);
}
