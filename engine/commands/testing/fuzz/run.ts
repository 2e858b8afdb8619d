import type { Program } from '../../../gdb/testing/programs.ts';
import { isHarmless } from './harmless.ts';
import { FuzzSession } from './session.ts';

/** Lines that say nothing of changing the target, after which it is looked at. */
const LOOK_AFTER = 10;
function firstDifference(before: string, after: string): string {
  const place = [...before].findIndex((character, index) => after[index] !== character);
  const near = (text: string) => text.slice(Math.max(0, place - 40), place + 20);
  return `${near(before)} was ${near(after)}`;
}

/** What only a defect prints. */
const DEFECT = /Internal error|TypeError|RangeError|\[object |\bundefined\b/;

/** Gives lines to a debugger, and looks at what they have done. */
export class FuzzRun {
  /** Each with its lines. */
  readonly found: string[] = [];
  readonly #secure: boolean;
  readonly #program: Program;
  #session: FuzzSession;
  #before: string;
  /** Since the last look at the target. */
  #lines: string[] = [];

  private constructor(program: Program, secure: boolean, session: FuzzSession, before: string) {
    this.#secure = secure;
    this.#program = program;
    this.#session = session;
    this.#before = before;
  }

  static async start(program: Program, secure: boolean): Promise<FuzzRun> {
    const session = await FuzzSession.start(program, secure);
    return new FuzzRun(program, secure, session, await session.snapshot());
  }

  async line(line: string): Promise<void> {
    const harmless = isHarmless(line);
    if (!harmless) await this.look(true);
    this.#lines.push(line);
    try {
      const text = await this.#session.run(line);
      if (DEFECT.test(text) && !DEFECT.test(line))
        this.#blame(/.*(?:error|undefined|object).*/i.exec(text)?.[0] ?? text);
    } catch (error) {
      this.#blame(String(error));
    }
    if (!harmless || this.#lines.length >= LOOK_AFTER || !this.#session.ready) await this.look(harmless);
  }

  /** Whether the session answers, and the target is what it was. */
  async look(unchanged: boolean): Promise<void> {
    if (this.#lines.length === 0) return;
    if (!(await this.#session.isAlive())) this.#blame('the session no longer answers');
    const after = this.#session.ready ? await this.#snapshot() : '';
    if (unchanged && after !== this.#before)
      this.#blame(`nothing said that it changes the target: ${firstDifference(this.#before, after)}`);
    this.#lines = [];
    this.#before = after;
    if (after === '') await this.#startAnew();
  }

  async #startAnew(): Promise<void> {
    await this.end();
    this.#session = await FuzzSession.start(this.#program, this.#secure);
    this.#before = await this.#session.snapshot();
  }

  async #snapshot(): Promise<string> {
    try {
      return await this.#session.snapshot();
    } catch (error) {
      this.#blame(`the target cannot be looked at: ${error}`);
      return '';
    }
  }

  end(): Promise<void> {
    return this.#session.end();
  }

  #blame(what: string): void {
    this.found.push(`${what}: ${JSON.stringify(this.#lines)}`);
  }
}
