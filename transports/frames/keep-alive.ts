/** Milliseconds. */
export interface KeepAliveOptions {
  /** Silence after which the peer is asked for a sign of life, and how often. */
  readonly idleMs: number;
  /** By then a silent peer counts as dead; a multiple of `idleMs`, at least two. */
  readonly deadMs: number;
}

/** Finds a dead peer within 15 seconds. */
export const DEFAULT_KEEP_ALIVE: KeepAliveOptions = { idleMs: 5_000, deadMs: 15_000 };

export interface KeepAliveHost {
  ping(): void;
  /** False while we do not read: then silence says nothing. */
  reading(): boolean;
  dead(silentMs: number): void;
}

/** Counts ticks of its own, not the clock: a machine that slept gives its peer time to answer after waking. */
export class KeepAlive {
  readonly #timer: ReturnType<typeof setInterval>;
  #silentTicks = 0;

  constructor(options: KeepAliveOptions, host: KeepAliveHost) {
    const deadTicks = Math.max(2, Math.floor(options.deadMs / options.idleMs));
    this.#timer = setInterval(() => {
      if (!host.reading()) {
        this.#silentTicks = 0;
        return;
      }
      this.#silentTicks++;
      if (this.#silentTicks >= deadTicks) host.dead(this.#silentTicks * options.idleMs);
      else host.ping();
    }, options.idleMs);
    this.#timer.unref();
  }

  heard(): void {
    this.#silentTicks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
