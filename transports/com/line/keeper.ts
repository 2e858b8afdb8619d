import type { Duplex } from 'node:stream';
import type { Drain } from '../broker/pacer.ts';
import { openLine } from './open-line.ts';

/** Pauses between attempts to open a port that went, ms: growing, for it may be gone for the night. */
const FIRST_PAUSE_MS = 100;
const GROWTH = 1.5;
const LONGEST_PAUSE_MS = 2_000;

/** Keeps a port open: when it is pulled out, tries to open it again until it is closed. */
export class Keeper implements Drain {
  readonly path: string;
  readonly #baud: number;
  #stream: Duplex | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = FIRST_PAUSE_MS;
  #closed = false;
  #kept = true;
  onData: (chunk: Buffer) => void = () => {};
  onUp: () => void = () => {};
  onDown: () => void = () => {};
  /** The system takes bytes again. */
  onDrain: () => void = () => {};

  constructor(path: string, baud: number) {
    this.path = path;
    this.#baud = baud;
  }

  get up(): boolean {
    return this.#stream !== null;
  }

  get pending(): number {
    return this.#stream?.writableLength ?? 0;
  }

  /** @throws why it cannot be opened, as `openLine` */
  async open(): Promise<void> {
    const stream = await openLine(this.path, this.#baud);
    if (this.#closed) {
      stream.destroy();
      return;
    }
    this.#pause = FIRST_PAUSE_MS;
    this.#stream = stream;
    this.#hold();
    const lost = () => this.#lost(stream);
    // Not every driver tells of a port that is gone in the same way.
    for (const event of ['end', 'error', 'close']) stream.on(event, lost);
    stream.on('data', (chunk: Buffer) => this.onData(chunk));
    this.onUp();
  }

  /** Tries until it is open. */
  reopen(): void {
    if (this.#closed) return;
    this.open().catch(() => {
      if (this.#closed) return;
      this.#timer = setTimeout(() => this.reopen(), this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * GROWTH);
      this.#hold();
    });
  }

  write(bytes: Buffer): void {
    this.#stream?.write(bytes, () => this.onDrain());
  }

  /** Whether an open port keeps the program running. */
  set kept(kept: boolean) {
    this.#kept = kept;
    this.#hold();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    const stream = this.#stream;
    this.#stream = null;
    stream?.destroy();
  }

  #lost(stream: Duplex): void {
    stream.destroy();
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.onDown();
    if (!this.#closed) this.reopen();
  }

  #hold(): void {
    const how = this.#kept ? 'ref' : 'unref';
    // A port of `serialport` has neither.
    (this.#stream as { ref?(): void; unref?(): void } | null)?.[how]?.();
    this.#timer?.[how]();
  }
}
