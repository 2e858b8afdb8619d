import type { LineShape } from '../link/rate.ts';
import { toLine } from '../wire/frame.ts';

/** Who sends over the line: frames taken from one wait in its queue. */
export interface Outlet {
  readonly queue: Buffer[];
}

/** The part of a port that takes bytes. */
export interface Drain {
  readonly up: boolean;
  /** Bytes that the system has not taken. */
  readonly pending: number;
  write(bytes: Buffer): void;
}

/**
 * The line is given no more than this much ahead, ms. The system would take seconds' worth (4 KB and more), and then a
 * keystroke would wait behind it and a repeated frame come too late. Shorter, and a busy machine leaves the line idle.
 */
const LEAD_MS = 60;
const MOST_PENDING = 256 << 10;
const MOST_CONTROL = 64;

/** Brings frames of all processes onto the line in turn, at the rate of the line. */
export class Pacer {
  readonly #shape: LineShape;
  readonly #drain: Drain;
  readonly #credit: (outlet: Outlet, frames: number) => void;
  readonly #outlets = new Set<Outlet>();
  readonly #control: Buffer[] = [];
  /** Bytes the system may hold back before it is given no more. */
  readonly #most: number;
  /** By when the line has sent what it was given. */
  #free = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scheduled = false;
  #stopped = false;

  constructor(shape: LineShape, drain: Drain, credit: (outlet: Outlet, frames: number) => void) {
    this.#shape = shape;
    this.#drain = drain;
    this.#credit = credit;
    const frame = shape.payload + 32;
    this.#most = Math.max(2 * frame, Math.min(MOST_PENDING, (shape.bytesPerSecond * LEAD_MS) / 1000));
  }

  add(outlet: Outlet): void {
    this.#outlets.add(outlet);
    const ahead = Math.ceil((this.#shape.bytesPerSecond * 0.02) / this.#shape.payload);
    this.#credit(outlet, Math.min(64, Math.max(3, ahead)));
  }

  /** What it left behind is still sent. */
  remove(outlet: Outlet): void {
    this.#outlets.delete(outlet);
    for (const frame of outlet.queue) this.control(frame);
  }

  /** Everything has gone to the system, or cannot. */
  get idle(): boolean {
    return !this.#drain.up || (!this.#waiting && this.#drain.pending === 0);
  }

  take(outlet: Outlet, frame: Buffer): void {
    outlet.queue.push(frame);
    this.#soon();
  }

  /** A frame of our own; when many wait, one more is not needed. */
  control(frame: Buffer): void {
    if (this.#control.length < MOST_CONTROL) this.#control.push(frame);
    this.#soon();
  }

  up(): void {
    this.#free = 0;
    this.#soon();
  }

  down(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  stop(): void {
    this.#stopped = true;
    this.down();
  }

  /** Gives the line what it can take now. */
  pump(): void {
    if (this.#stopped || !this.#drain.up) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    const lines: Buffer[] = [];
    const credits = new Map<Outlet, number>();
    // After a pause whatever noise came meanwhile is cut off from the first frame.
    if (this.#free < now) lines.push(Buffer.of(0));
    this.#free = Math.max(this.#free, now);
    let bytes = this.#drain.pending;
    let sent = 0;
    while (this.#free - now < LEAD_MS && bytes < this.#most) {
      const frame = this.#next(credits);
      if (!frame) break;
      const line = toLine(frame);
      lines.push(line);
      sent++;
      bytes += line.length;
      this.#free += (line.length / this.#shape.bytesPerSecond) * 1000;
    }
    if (sent > 0) this.#drain.write(lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines));
    // More is wanted than the line takes now: when there is room, by its rate. A full system calls by itself.
    if (this.#waiting && bytes < this.#most)
      this.#timer = setTimeout(() => this.pump(), Math.max(1, this.#free - now - LEAD_MS));
    for (const [outlet, frames] of credits) this.#credit(outlet, frames);
  }

  get #waiting(): boolean {
    if (this.#control.length > 0) return true;
    for (const { queue } of this.#outlets) if (queue.length > 0) return true;
    return false;
  }

  #next(credits: Map<Outlet, number>): Buffer | null {
    const control = this.#control.shift();
    if (control) return control;
    for (const outlet of this.#outlets) {
      const frame = outlet.queue.shift();
      if (!frame) continue;
      // To the end of the line: they take turns.
      this.#outlets.delete(outlet);
      this.#outlets.add(outlet);
      credits.set(outlet, (credits.get(outlet) ?? 0) + 1);
      return frame;
    }
    return null;
  }

  #soon(): void {
    if (this.#scheduled || this.#timer) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.pump();
    });
  }
}
