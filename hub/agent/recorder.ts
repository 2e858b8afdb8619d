/** Output is gathered for so long, or until there is so much of it: what a debugger prints in one go is one entry. */
const GATHER_MS = 20;
const GATHER_BYTES = 16 << 10;

/** Gathers what a terminal brings into pieces of up to 16 KiB. */
export class Recorder {
  readonly #give: (bytes: Buffer) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(give: (bytes: Buffer) => void) {
    this.#give = give;
  }

  add(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const piece = bytes.subarray(from, from + GATHER_BYTES - this.#bytes);
      this.#pieces.push(piece);
      this.#bytes += piece.length;
      from += piece.length;
      if (this.#bytes >= GATHER_BYTES) this.flush();
    }
    if (this.#bytes > 0) this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#bytes === 0) return;
    const gathered = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    this.#give(gathered);
  }
}
