/**
 * Many single steps for one request, of our own process server: `vHawser.steps:COUNT,BYTES;vCont;s:THREAD`. It steps until COUNT
 * steps are done, or a stop is more than the end of a step, or stands at an inserted breakpoint; its answer is the last
 * stop's own, and before it come the registers after each step: `vHawser.rows:ROW;ROW…`. Numbers are hexadecimal.
 *
 * A row is the first BYTES of the answer to `g`, where they differ from the row before: `AT=DIGITS,AT=DIGITS…` in digits, and
 * whole (`AT` 0) at first. The word `vHawser.steps+` in the answer to `qSupported` offers it.
 */
export const FAR_STEPS = 'vHawser.steps';
const ROWS = 'vHawser.rows:';
/** As many at once, at most. */
export const MAX_FAR_STEPS = 1 << 20;

const REQUEST = /^vHawser\.steps:([0-9a-f]{1,6}),([0-9a-f]{1,4});(vCont;s:(p?[0-9a-f.]+))$/i;
/** A single step of one thread and nothing else. */
const STEP = /^vCont;s:p?[0-9a-f.]+$/i;
/** Registers change by the word. */
const DIGITS = 16;

/** Where a register stands in an answer to `g`, in bytes; little-endian, 8 at most. */
export interface RegisterPlace {
  readonly offset: number;
  readonly size: number;
}

/** Steps wanted of GDB's next single step, and what comes of them. */
export interface FarSteps {
  readonly count: number;
  readonly places: readonly RegisterPlace[];
  /** Filled with the values at {@link places} after each step. */
  readonly rows: (readonly bigint[])[];
}

/** Null: GDB resumes in another way. */
export function farRequest(resume: string, { count, places }: FarSteps): string | null {
  if (!STEP.test(resume)) return null;
  const bytes = Math.max(...places.map(({ offset, size }) => offset + size));
  return `${FAR_STEPS}:${Math.min(count, MAX_FAR_STEPS).toString(16)},${bytes.toString(16)};${resume}`;
}

export interface FarRequest {
  readonly count: number;
  /** Of each answer to `g`. */
  readonly bytes: number;
  /** The packet of one step. */
  readonly resume: string;
  readonly thread: string;
}

export function parseFarRequest(text: string): FarRequest | null {
  const [, digits = '', wanted = '', resume = '', thread = ''] = REQUEST.exec(text) ?? [];
  const [count, bytes] = [Number.parseInt(digits, 16), Number.parseInt(wanted, 16)];
  return count >= 1 && count <= MAX_FAR_STEPS && bytes >= 1 ? { count, bytes, resume, thread } : null;
}

/** Rows into text, at the process server. */
export class RowWriter {
  #before = '';
  #rows: string[] = [];
  /** Digits that wait. */
  length = 0;

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** @param registers digits, as many each time */
  add(registers: string): void {
    const row = this.#before.length === registers.length ? this.#changes(registers) : `0=${registers}`;
    this.#before = registers;
    this.#rows.push(row);
    this.length += row.length;
  }

  take(): string {
    const text = `${ROWS}${this.#rows.join(';')}`;
    this.#rows = [];
    this.length = 0;
    return text;
  }

  #changes(registers: string): string {
    const changes: string[] = [];
    for (let at = 0; at < registers.length; at += DIGITS) {
      const now = registers.slice(at, at + DIGITS);
      if (!this.#before.startsWith(now, at)) changes.push(`${at.toString(16)}=${now}`);
    }
    return changes.join(',');
  }
}

/** Rows out of text, at the debugger's end. */
export class RowReader {
  readonly #steps: FarSteps;
  /** The last row, in digits. */
  #row = Buffer.alloc(0);

  constructor(steps: FarSteps) {
    this.#steps = steps;
  }

  /** @returns false: these are no rows */
  read(text: string): boolean {
    if (!text.startsWith(ROWS)) return false;
    for (const row of text.slice(ROWS.length).split(';')) this.#one(row);
    return true;
  }

  #one(row: string): void {
    for (const change of row === '' ? [] : row.split(',')) {
      const equals = change.indexOf('=');
      const at = Number.parseInt(change.slice(0, equals), 16);
      const digits = change.slice(equals + 1);
      if (this.#row.length < at + digits.length) this.#row = Buffer.from(digits, 'latin1');
      else this.#row.write(digits, at, 'latin1');
    }
    this.#steps.rows.push(this.#steps.places.map((place) => this.#value(place)));
  }

  /** What is not there (`xx`) is 0. */
  #value({ offset, size }: RegisterPlace): bigint {
    let value = 0n;
    for (let at = (offset + size - 1) * 2; at >= offset * 2; at -= 2)
      value = (value << 8n) | BigInt(Number.parseInt(this.#row.toString('latin1', at, at + 2), 16) || 0);
    return value;
  }
}
