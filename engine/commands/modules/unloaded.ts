interface Place {
  readonly path: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** As many as Windows remembers. */
const MOST = 64;

/** Where modules were that have been unloaded: an address in one of them tells who had been there. */
export class UnloadedModules {
  readonly #seen = new Map<string, Place>();
  #gone: Place[] = [];

  /** The oldest first. */
  get all(): readonly Place[] {
    return this.#gone;
  }

  seen(path: string, start: bigint, end: bigint): void {
    this.#seen.set(path, { path, start, end });
    this.#gone = this.#gone.filter((place) => place.path !== path || place.start !== start);
  }

  left(path: string): void {
    const place = this.#seen.get(path);
    if (!place || !this.#seen.delete(path)) return;
    this.#gone.push(place);
    if (this.#gone.length > MOST) this.#gone.shift();
  }

  clear(): void {
    this.#seen.clear();
    this.#gone = [];
  }
}
