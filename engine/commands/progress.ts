/** A command that has shown nothing for so long is said to be at work. */
const SILENT_MS = 500;
/** After that it is said again when as much time has passed once more, but no later than this. */
const LONGEST_MS = 15_000;

/** What a command that shows nothing for a while is at, for fronts to say. */
export class Progress {
  /** Null: nothing is to be said. */
  text: string | null = null;
  #line = '';
  #began = 0;
  #quietSince = 0;
  #timer: NodeJS.Timeout | null = null;
  #changed: () => void = () => {};
  /** Instructions that have been stepped through; null: the command is none that steps. */
  #steps: number | null = null;

  /** A line begins; `changed` is called when there is something else to say. */
  begin(line: string, changed: () => void): void {
    this.end();
    this.#line = line.trim();
    this.#changed = changed;
    this.#began = this.#quietSince = performance.now();
    this.#wait(SILENT_MS);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#steps = null;
    this.text = null;
  }

  /** Something was shown. */
  shown(): void {
    this.#quietSince = performance.now();
  }

  /** Steps are made: the target runs, and not freely. */
  get stepping(): boolean {
    return this.#steps !== null;
  }

  stepped(steps: number): void {
    this.#steps = (this.#steps ?? 0) + steps;
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), milliseconds);
    this.#timer.unref();
  }

  #look(): void {
    const now = performance.now();
    const quiet = now - this.#quietSince;
    const before = this.text;
    this.text = quiet < SILENT_MS ? null : this.#words(now - this.#began);
    if (this.text !== before) this.#changed();
    this.#wait(quiet < SILENT_MS ? SILENT_MS - quiet : Math.min(quiet, LONGEST_MS));
  }

  #words(milliseconds: number): string {
    const seconds = (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0);
    const what = this.#line.length > SHOWN ? `${this.#line.slice(0, SHOWN)}…` : this.#line;
    const steps = this.#steps !== null ? `, ${this.#steps.toLocaleString('en')} instructions` : '';
    return `${what === '' ? 'At work' : what}: ${seconds} s so far${steps}`;
  }
}

/** Of a line, characters. */
const SHOWN = 60;
