import type { StepGoal, Stop } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import { instructionPointer, pseudoRegister } from '../pseudo.ts';
import type { DebuggerState } from '../state.ts';
import { recordChunk, type Stepping } from '../stops/stepping.ts';
import { CallTree, type TraceLimits, type TraceLine } from './call-tree.ts';
import { CodeMap, type CodePoint } from './code-map.ts';
import { lineText, summaryLines } from './text.ts';

/** Steps of one recording: a quarter of a second, and so often the screen moves. */
const AT_ONCE = 2000;
/** Calls that are shown; those after them are counted only. */
const MOST_LINES = 10_000;

export interface TraceOptions extends TraceLimits {
  readonly calls: boolean;
  readonly summary: boolean;
  readonly callSites: boolean;
  /** hex: as a number; typed: as its type has it. */
  readonly results: 'none' | 'hex' | 'typed';
}

const X64 = ['rip', 'rsp', 'rax'];
const ARM64 = ['pc', 'sp', 'x0'];

/** Where a trace begins and ends. */
interface Plan {
  readonly root: CodePoint;
  readonly start: bigint;
  readonly stackPointer: bigint;
  readonly goal: StepGoal;
  readonly headline: string;
}

/** Traces a function, or the call that the target stands on, or to an address; false: there is nothing to trace here. */
export async function watchTrace(
  stepping: Stepping,
  options: TraceOptions,
  end: bigint | null,
): Promise<boolean> {
  const { state, execution } = stepping;
  const code = new CodeMap(state.target);
  const plan = await planOf(state, code, end);
  if (!plan) return false;
  const print = (text: string): void => stepping.host.output('normal', `${text}\n`);
  print(plan.headline);
  const lines = new Lines(stepping, options, print);
  const tree = new CallTree(plan.root, plan.stackPointer, options, (line) => lines.add(line));
  const stop = await run(stepping, plan, code, tree, lines);
  tree.end();
  await lines.flush();
  if (options.summary) for (const line of summaryLines(tree)) print(line);
  await execution.show(stop, false, stepping.last);
  return true;
}

async function run(
  stepping: Stepping,
  plan: Plan,
  code: CodeMap,
  tree: CallTree,
  lines: Lines,
): Promise<Stop> {
  const { state } = stepping;
  const names = state.isX64 ? X64 : ARM64;
  let from = plan.start;
  let at = plan.root;
  for (;;) {
    const { steps, stop, reached } = await recordChunk(stepping, AT_ONCE, names, { until: plan.goal });
    // What is gone cannot be read any more.
    const gone = stop.thread === null;
    for (const { registers } of gone ? [] : steps) {
      const [ip = 0n, stackPointer = 0n, result = 0n] = registers;
      const next = await code.at(ip);
      tree.add({ at, address: from, next, stackPointer, result });
      from = ip;
      at = next;
    }
    await lines.flush();
    if (reached || stop.reason !== 'step') return stop;
    if (state.cancel.requested) return { ...stop, reason: 'interrupt' };
  }
}

async function planOf(state: DebuggerState, code: CodeMap, end: bigint | null): Promise<Plan | null> {
  const start = await instructionPointer(state);
  const stackPointer = (await pseudoRegister(state, '$csp')) ?? 0n;
  const root = await code.at(start);
  const plan = (to: bigint, above: bigint | null, what: string): Plan => ({
    root,
    start,
    stackPointer,
    goal: { address: to, ...(above === null ? {} : { above }) },
    headline: `Tracing ${root.name} to ${what} ${address(to, state.pointerSize)}`,
  });
  if (end !== null) return plan(end, null, 'address');
  if (root.kind === 'call') return plan(start + BigInt(root.length), stackPointer - 1n, 'return address');
  if (root.start !== start) return null;
  const back = await pseudoRegister(state, '$ra');
  // A call leaves the return address on the stack of x86 alone.
  return back === null ? null : plan(back, state.isX64 ? stackPointer : stackPointer - 1n, 'return address');
}

/** Lines of calls on their way to the screen. */
class Lines {
  readonly #stepping: Stepping;
  readonly #options: TraceOptions;
  readonly #print: (text: string) => void;
  readonly #waiting: TraceLine[] = [];
  #shown = 0;
  #left = false;
  #told = false;

  constructor(stepping: Stepping, options: TraceOptions, print: (text: string) => void) {
    this.#stepping = stepping;
    this.#options = options;
    this.#print = print;
  }

  add(line: TraceLine): void {
    if (!this.#options.calls) return;
    this.#shown++;
    if (this.#shown <= MOST_LINES) this.#waiting.push(line);
    else this.#left = true;
  }

  async flush(): Promise<void> {
    const texts: string[] = [];
    for (const line of this.#waiting.splice(0))
      texts.push(await lineText(this.#stepping.state, line, this.#options));
    if (texts.length > 0) this.#print(texts.join('\n'));
    if (this.#left && !this.#told) {
      this.#told = true;
      this.#print(`(The first ${MOST_LINES} lines are shown; -l, -m and -i make them fewer.)`);
    }
  }
}
