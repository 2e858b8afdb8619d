import { asTuple, list, text } from './mi/values.ts';
import { type Engine, fromHex } from './parts.ts';

/**
 * Registers by MI's own command where they are whole numbers, which is twice as fast as the helper; vectors and
 * the like by the helper.
 */
export class Registers {
  readonly #engine: Engine;
  #numbers: Map<string, number> | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Another target may be of another architecture. */
  clear(): void {
    this.#numbers = null;
  }

  async names(): Promise<readonly string[]> {
    return [...(await this.#map()).keys()];
  }

  async read(
    context: { thread: number; frame: number },
    names: readonly string[],
  ): Promise<ReadonlyMap<string, bigint>> {
    const numbers = await this.#map();
    const wanted = names.filter((name) => numbers.has(name));
    const found = new Map<string, bigint>();
    if (wanted.length === 0) return found;
    const where = `--thread ${context.thread} --frame ${context.frame}`;
    const asked = wanted.map((name) => numbers.get(name)).join(' ');
    const { values } = await this.#engine.send(
      `-data-list-register-values ${where} --skip-unavailable x ${asked}`,
    );
    const byNumber = new Map<string, string>();
    for (const row of list(values, 'register-values'))
      byNumber.set(text(asTuple(row), 'number'), text(asTuple(row), 'value'));
    const others: string[] = [];
    for (const name of wanted) {
      const value = byNumber.get(String(numbers.get(name)));
      if (value !== undefined && /^0x[0-9a-f]+$/.test(value)) found.set(name, BigInt(value));
      else if (value?.startsWith('{')) others.push(name);
    }
    if (others.length > 0) await this.#readByHelper(context, others, found);
    return found;
  }

  async #readByHelper(
    context: { thread: number; frame: number },
    names: readonly string[],
    into: Map<string, bigint>,
  ): Promise<void> {
    const values = await this.#engine.helper.call<(string | null)[]>('registers', { ...context, names });
    for (const [at, value] of values.entries()) {
      const name = names[at];
      if (name !== undefined && value !== null) into.set(name, fromHex(value));
    }
  }

  /** GDB's list has empty names at numbers that this target does not have. */
  async #map(): Promise<Map<string, number>> {
    if (this.#numbers) return this.#numbers;
    const { values } = await this.#engine.send('-data-list-register-names');
    this.#numbers = new Map();
    for (const [number, name] of list(values, 'register-names').entries()) {
      if (typeof name === 'string' && name !== '') this.#numbers.set(name, number);
    }
    return this.#numbers;
  }
}
