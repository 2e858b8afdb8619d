/** How often silence is looked at, ms. */
const TICK_MS = 5_000;

export interface LinkClockEvents {
  /** The time given to `at` has come, or nearly. */
  due(): void;
  /** Nothing was heard for a tick. */
  quiet(): void;
  dead(): void;
}

/** The timers of one connection: the next deadline, and silence. */
export class LinkClock {
  readonly #now: () => number;
  readonly #due: () => void;
  readonly #ticks: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #deadline = Number.POSITIVE_INFINITY;
  /** Ticks and not the clock: a machine that slept gives the other end time to answer after waking. */
  #silent = 0;
  #stopped = false;

  constructor(silenceMs: number, now: () => number, events: LinkClockEvents) {
    this.#now = now;
    this.#due = events.due;
    const tickMs = Math.min(TICK_MS, silenceMs / 3);
    this.#ticks = setInterval(() => {
      this.#silent++;
      if (this.#silent * tickMs >= silenceMs) events.dead();
      else events.quiet();
    }, tickMs);
    this.#ticks.unref();
  }

  heard(): void {
    this.#silent = 0;
  }

  /** Calls `due` at that time, by `now`. Later deadlines cost no timer: a timer that rings too early is set again. */
  at(deadline: number): void {
    this.#deadline = deadline;
    if (this.#stopped || deadline >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, Math.ceil(deadline - this.#now())));
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#ticks);
    clearTimeout(this.#timer);
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (this.#deadline > this.#now()) this.at(this.#deadline);
    else this.#due();
  }
}
