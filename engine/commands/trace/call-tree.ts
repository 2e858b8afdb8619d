import type { CodePoint } from './code-map.ts';

/** One instruction that was executed, and where it led. */
export interface TraceStep {
  readonly at: CodePoint;
  readonly address: bigint;
  readonly next: CodePoint;
  readonly stackPointer: bigint;
  /** What a function that has just returned answers. */
  readonly result: bigint;
}

export interface TraceLine {
  readonly own: number;
  readonly below: number;
  readonly depth: number;
  readonly name: string;
  /** Of the call that is about to be made from there. */
  readonly callSite?: bigint;
  /** Of a function that has returned. */
  readonly returned?: { readonly start: bigint; readonly value: bigint };
}

export interface FunctionCount {
  readonly name: string;
  invocations: number;
  least: number;
  most: number;
  total: number;
}

interface Level {
  readonly name: string;
  readonly start: bigint;
  /** The stack pointer at its first instruction; above it, the level is over. */
  readonly entry: bigint;
  /** Nothing in it and below it is looked at. */
  readonly ignored: boolean;
  own: number;
  below: number;
}

export interface TraceLimits {
  /** Deeper calls are executed and not looked at; null: all. */
  readonly depth: number | null;
  ignores(module: string): boolean;
  /** Whether a call into what is ignored is told. */
  readonly tellsIgnored: boolean;
}

/** Calls and returns of a run of instructions, counted as it goes. */
export class CallTree {
  readonly functions = new Map<string, FunctionCount>();
  readonly systemCalls = new Map<string, number>();
  instructions = 0;
  readonly #levels: Level[];
  readonly #limits: TraceLimits;
  readonly #tell: (line: TraceLine) => void;

  constructor(root: CodePoint, stackPointer: bigint, limits: TraceLimits, tell: (line: TraceLine) => void) {
    this.#limits = limits;
    this.#tell = tell;
    this.#levels = [level(root, stackPointer, false)];
  }

  add({ at, address, next, stackPointer, result }: TraceStep): void {
    const top = this.#levels.at(-1);
    if (!top) return;
    top.own++;
    this.instructions++;
    if (at.kind === 'syscall') this.systemCalls.set(at.name, (this.systemCalls.get(at.name) ?? 0) + 1);
    if (at.kind === 'call') this.#call(top, next, stackPointer, address);
    else if (this.#hasReturned(at, stackPointer)) this.#unwind(at, stackPointer, result);
    else if (next.start !== at.start && at.kind === 'branch') this.#jump(top, next);
  }

  /** What is on the stack still, innermost first. */
  end(): void {
    while (this.#levels.length > 0) this.#leave(null);
  }

  #call(top: Level, next: CodePoint, stackPointer: bigint, callSite: bigint): void {
    const depth = this.#levels.length;
    const { limits, ignored } = { limits: this.#limits, ignored: top.ignored };
    const deep = limits.depth !== null && depth > limits.depth;
    const skipped = limits.ignores(next.module);
    if (!ignored && !deep && (!skipped || limits.tellsIgnored)) this.#line(top, { callSite });
    this.#levels.push(level(next, stackPointer, ignored || deep || skipped));
  }

  #hasReturned(at: CodePoint, stackPointer: bigint): boolean {
    const entry = this.#levels.at(-1)?.entry ?? 0n;
    return stackPointer > entry || (at.kind === 'return' && stackPointer === entry);
  }

  /** The root stays: where it ends is for the trace to say. */
  #unwind(at: CodePoint, stackPointer: bigint, result: bigint): void {
    let first = true;
    while (
      this.#levels.length > 1 &&
      (first ? this.#hasReturned(at, stackPointer) : this.#isAbove(stackPointer))
    ) {
      this.#leave(result);
      first = false;
    }
  }

  #isAbove(stackPointer: bigint): boolean {
    return stackPointer > (this.#levels.at(-1)?.entry ?? stackPointer);
  }

  /** Into another function that will return for this one, as from a table of libraries' functions. */
  #jump(top: Level, next: CodePoint): void {
    if (this.#levels.length === 1 || next.start === top.start) return;
    const { entry, ignored } = top;
    this.#leave(null);
    this.#levels.push(level(next, entry, ignored || this.#limits.ignores(next.module)));
  }

  #leave(result: bigint | null): void {
    const top = this.#levels.at(-1);
    if (!top) return;
    const above = this.#levels.at(-2);
    const quiet = above?.ignored === true || (top.ignored && !this.#tellsLeft());
    if (!quiet) this.#line(top, result === null ? {} : { returned: { start: top.start, value: result } });
    this.#levels.pop();
    if (above) above.below += top.own + top.below;
    if (!top.ignored) this.#count(top);
  }

  /** Of a level that is ignored: only the outermost, where it is for its module. */
  #tellsLeft(): boolean {
    const { depth } = this.#limits;
    const deep = depth !== null && this.#levels.length - 1 > depth;
    return this.#limits.tellsIgnored && !deep;
  }

  #line(top: Level, more: Partial<TraceLine>): void {
    const depth = this.#levels.length - 1;
    this.#tell({ own: top.own, below: top.below, depth, name: top.name, ...more });
  }

  #count({ name, own }: Level): void {
    const known = this.functions.get(name);
    if (!known) {
      this.functions.set(name, { name, invocations: 1, least: own, most: own, total: own });
      return;
    }
    known.invocations++;
    known.least = Math.min(known.least, own);
    known.most = Math.max(known.most, own);
    known.total += own;
  }
}

function level({ name, start }: CodePoint, entry: bigint, ignored: boolean): Level {
  return { name, start, entry, ignored, own: 0, below: 0 };
}
