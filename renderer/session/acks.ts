/** As many bytes may be taken in before the session is told, so that its window never closes on us. */
export const ACK_EVERY = 256 * 1024;

/** Tells the session what has been taken into the document: this is what holds a flood back. */
export class Acks {
  readonly #send: (seq: number) => void;
  #bytes = 0;
  #taken = 0;
  #told = 0;

  constructor(send: (seq: number) => void) {
    this.#send = send;
  }

  taken(seq: number, bytes: number): void {
    this.#taken = Math.max(this.#taken, seq);
    this.#bytes += bytes;
    if (this.#bytes >= ACK_EVERY) this.flush();
  }

  /** Nothing is left to take in. */
  flush(): void {
    this.#bytes = 0;
    if (this.#taken <= this.#told) return;
    this.#told = this.#taken;
    this.#send(this.#taken);
  }
}
