import type { Delays } from './delays.ts';
import type { Member } from './member.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What people type, all of it with an answer that is text. */
const LINES: readonly ((count: number) => string)[] = [
  (count) => `.echo command ${count} ${'x'.repeat(count % 400)}`,
  () => 'r',
  (count) => `? 0n${count} * 3`,
  () => 'k',
  () => 'db soak!buffer L40',
  () => 'u @rip',
  (count) => `.printf "%d %y\\n", ${count}, @rip`,
  () => 'lm',
];

/** Somebody who gives commands until told to stop. */
export class Commander {
  readonly member: Member;
  given = 0;
  failed: string | null = null;
  #over = false;
  readonly #work: Promise<void>;

  /**
   * @param drives whether this one lets the target run, again and again
   * @param delays how long commands took, those that only wait for the target to stop left out
   */
  constructor(member: Member, drives: boolean, delays: Delays) {
    this.member = member;
    this.#work = drives ? this.#drive() : this.#type(delays);
  }

  stop(): Promise<void> {
    this.#over = true;
    return this.#work;
  }

  async #drive(): Promise<void> {
    await this.#run('bp soak!rest');
    while (!this.#over) await this.#run('g');
  }

  async #type(delays: Delays): Promise<void> {
    while (!this.#over) {
      const line = LINES[this.given % LINES.length]?.(this.given) ?? '';
      const began = performance.now();
      await this.#run(line);
      delays.add(performance.now() - began);
      await pause(50 + ((this.given * 37) % 200));
    }
  }

  async #run(line: string): Promise<void> {
    this.given++;
    try {
      const { ok } = await this.member.client.execute(line);
      if (!ok) this.failed ??= `${line} failed`;
    } catch (error) {
      this.failed ??= `${line}: ${(error as Error).message}`;
      this.#over = true;
    }
  }
}
