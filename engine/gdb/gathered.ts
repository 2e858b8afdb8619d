/** How long output is gathered into one event; a person does not see it, a busy target costs fewer events. */
const GATHER_MS = 4;
/** Output that is passed on at once. */
const GATHER_BYTES = 64 * 1024;

/** Output of the target on its way to the events. */
export class Gathered {
  readonly #output: (text: string) => void;
  #timer: NodeJS.Timeout | null = null;
  text = '';

  constructor(output: (text: string) => void) {
    this.#output = output;
  }

  /** Passes on what {@link text} has soon, or at once when that is much. */
  later(): void {
    if (this.text.length >= GATHER_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.text;
    this.text = '';
    if (text) this.#output(text);
  }
}
