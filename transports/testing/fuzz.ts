import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** How many inputs each gets: a thousand in the tests, a million by `npm run fuzz`. */
const RUNS = Number(process.env.HAWSER_FUZZ_RUNS ?? 1000);
const SEED = Number(process.env.HAWSER_FUZZ_SEED ?? 7);
/** Between two looks at memory; also what a seed reaches. */
const AT_ONCE = 20_000;
/** One input that takes so long hangs, however busy the machine is. */
const HANGS_MS = 120_000;
/** What may be held when the garbage is gone, over what was held after the first inputs. */
const GROWTH_BYTES = 48 << 20;

/** A line of the report that `npm run fuzz` prints. */
export interface FuzzFigures {
  readonly name: string;
  readonly inputs: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly grownBytes: number;
}

/**
 * A test that no input whatever breaks what reads it: `check` throws what is a defect. Repeatable by the seed in the message
 * (`HAWSER_FUZZ_SEED`); fast-check makes the input small that failed. Memory is bounded, and an input that hangs ends the run with
 * its seed.
 */
export function fuzz<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => void): void {
  fuzzing(name, (run) => {
    const property = fc.property(inputs, (input) => {
      const start = run.begin();
      check(input);
      run.end(start);
    });
    return async (options) => fc.assert(property, options);
  });
}

/** As {@link fuzz}, a tenth as fast: for what answers later. */
export function fuzzAsync<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
): void {
  fuzzing(name, (run) => {
    const property = fc.asyncProperty(inputs, async (input) => {
      const start = run.begin();
      await check(input);
      run.end(start);
    });
    return (options) => fc.assert(property, options);
  });
}

type Assert = (options: { readonly numRuns: number; readonly seed: number }) => Promise<void>;

function fuzzing(name: string, property: (run: Run) => Assert): void {
  describe(`fuzz ${name}`, () => {
    it('any input', { timeout: 14_400_000 }, async () => {
      const run = new Run(name);
      try {
        await run.all(property(run));
      } finally {
        await run.over();
      }
      const report = process.env.HAWSER_FUZZ_REPORT;
      if (report !== undefined) appendFileSync(report, `${JSON.stringify(run.figures)}\n`);
      expect(run.figures.grownBytes, `bytes held after ${RUNS} inputs`).toBeLessThan(GROWTH_BYTES);
    });
  });
}

class Run {
  readonly #name: string;
  readonly #watch: Watch;
  readonly #began = performance.now();
  #slowest = 0;
  #held = 0;
  #grown = 0;

  constructor(name: string) {
    this.#name = name;
    this.#watch = new Watch(name);
  }

  begin(): number {
    this.#watch.tick();
    return performance.now();
  }

  end(start: number): void {
    this.#slowest = Math.max(this.#slowest, performance.now() - start);
  }

  async all(assert: Assert): Promise<void> {
    for (let done = 0; done < RUNS; done += AT_ONCE) {
      const seed = SEED + done / AT_ONCE;
      this.#watch.seed(seed);
      await assert({ numRuns: Math.min(AT_ONCE, RUNS - done), seed });
      this.#weigh(done === 0);
    }
  }

  /** What is held when the garbage is gone. */
  #weigh(first: boolean): void {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const { heapUsed, external } = process.memoryUsage();
    if (first) this.#held = heapUsed + external;
    this.#grown = Math.max(this.#grown, heapUsed + external - this.#held);
  }

  get figures(): FuzzFigures {
    return {
      name: this.#name,
      inputs: RUNS,
      seconds: (performance.now() - this.#began) / 1000,
      slowestMs: this.#slowest,
      grownBytes: this.#grown,
    };
  }

  over(): Promise<void> {
    return this.#watch.end();
  }
}

/** Looks from another thread whether inputs go on being taken: nothing else sees a loop without end. */
class Watch {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(name: string) {
    const text = `
      const { workerData: { shared, name, ms } } = require('node:worker_threads');
      let last = -1;
      setInterval(() => {
        const now = Atomics.load(shared, 0);
        if (now === last) {
          require('node:fs').writeSync(2, 'fuzz ' + name + ': an input hangs; HAWSER_FUZZ_SEED=' + Atomics.load(shared, 1) + ', input ' + now + '\\n');
          process.kill(process.pid, 'SIGKILL');
        }
        last = now;
      }, ms);`;
    this.#worker = new Worker(text, { eval: true, workerData: { shared: this.#shared, name, ms: HANGS_MS } });
    this.#worker.unref();
  }

  tick(): void {
    Atomics.add(this.#shared, 0, 1);
  }

  seed(seed: number): void {
    Atomics.store(this.#shared, 1, seed);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Texts that are nearly right: pieces of right ones, edited, joined, cut, and others that are nothing at all. */
export function nearly(right: readonly string[], alphabet: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...right) },
    { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  );
  const edit = fc.record({ at: fc.nat(300), drop: fc.nat(4), put: piece });
  const edited = fc.tuple(piece, fc.array(edit, { maxLength: 3 })).map(([text, edits]) => {
    let out = text;
    for (const { at, drop, put } of edits) {
      const where = at % (out.length + 1);
      out = out.slice(0, where) + put + out.slice(where + drop);
    }
    return out;
  });
  return fc.oneof(
    { weight: 6, arbitrary: edited },
    { weight: 2, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 80 }) },
    // Long runs, at which what takes a square of steps shows.
    {
      weight: 1,
      arbitrary: fc
        .tuple(piece, piece, fc.nat(60), piece)
        .map(([a, b, n, c]) => a.slice(0, 20) + b.slice(0, 20).repeat(n) + c.slice(0, 20)),
    },
  );
}

/** Bytes that are nearly right. */
export function nearlyBytes(right: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    at: fc.nat(1 << 16),
    drop: fc.oneof(fc.constant(0), fc.nat(3)),
    put: fc.uint8Array({ maxLength: 4 }),
  });
  const edited = fc
    .tuple(fc.constantFrom(...right), fc.array(edit, { maxLength: 4 }), fc.option(fc.nat(1 << 16)))
    .map(([bytes, edits, cut]) => {
      let out = Buffer.from(bytes);
      for (const { at, drop, put } of edits) {
        const where = at % (out.length + 1);
        const after = out.subarray(where + (drop === 0 ? put.length : drop));
        out = Buffer.concat([out.subarray(0, where), put, after]);
      }
      return cut === null ? out : out.subarray(0, cut % (out.length + 1));
    });
  return fc.oneof(
    { weight: 5, arbitrary: edited },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** A JSON value that is nearly a right one: members taken out, added, replaced by anything. */
export function nearlyJson(right: readonly object[]): fc.Arbitrary<unknown> {
  const any = fc.oneof(
    { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 3, arbitrary: fc.constantFrom<unknown>(...right.flatMap((one) => Object.values(one))) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<unknown>(
        ...[null, -1, 0, 1e308, 2 ** 53, -0, '', '\u0000', '\u202e', 'a'.repeat(5000), [], {}, [[[[]]]]],
        ...[
          { __proto__: null, toString: 1, constructor: { prototype: {} } },
          JSON.parse('{"__proto__":{"x":1}}'),
        ],
      ),
    },
  );
  const keys = [...new Set(right.flatMap((one) => Object.keys(one)))];
  const key = fc.oneof(
    fc.constantFrom(...keys),
    fc.constantFrom('__proto__', 'constructor', 'toJSON', ''),
    fc.string(),
  );
  const changed = fc
    .tuple(fc.constantFrom(...right), fc.array(fc.tuple(key, fc.option(any)), { maxLength: 3 }))
    .map(([value, changes]) => {
      const out: Record<string, unknown> = { ...value };
      for (const [name, to] of changes) {
        if (to === null) delete out[name];
        else
          Object.defineProperty(out, name, {
            value: to,
            enumerable: true,
            configurable: true,
            writable: true,
          });
      }
      return out;
    });
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: any });
}
