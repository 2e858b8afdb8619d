import type { Frame, StackDetails, StackStart } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { Turns } from '../turns.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Modules } from './symbols/modules.ts';
import { withoutParameters } from './symbols/name.ts';
import { TypeReader, type TypeRow, type VariableRow } from './symbols/values.ts';

/** What the helper sends (python/frames.py). */
interface FrameRow {
  readonly pc: string;
  readonly sp?: string;
  /** Name, where the frame is inlined. */
  readonly i?: string;
  /** Where the inlined function's code begins. */
  readonly b?: string;
  /** The pc is a return address. */
  readonly c?: 1;
  readonly f?: string;
  readonly l?: number;
  readonly a?: readonly VariableRow[];
  readonly w?: readonly string[];
}

interface StackRow {
  readonly frames: readonly FrameRow[];
  /** The pc of the frame behind the last one; null: there is none. */
  readonly end: string | null;
  readonly error?: string;
}

interface StacksAnswer {
  readonly stacks: readonly StackRow[];
  readonly types: readonly TypeRow[];
}

interface Known {
  readonly frames: readonly Frame[];
  /** So many were asked for. */
  readonly limit: number;
}

/** The stacks of the target's threads: read together, and once between two stops. */
export class Stacks {
  readonly #engine: Engine;
  readonly #modules: Modules;
  readonly #changes: () => number;
  #known = new Map<number, Known>();
  #asOf = -1;

  /** @param changes a count that grows with every command after which stacks may differ */
  constructor(engine: Engine, modules: Modules, changes: () => number) {
    this.#engine = engine;
    this.#modules = modules;
    this.#changes = changes;
  }

  /** One thread's, from what is known of it where nothing can have changed since. */
  async frames(thread: number, limit: number): Promise<readonly Frame[]> {
    if (this.#asOf !== this.#changes()) this.#known.clear();
    const known = this.#known.get(thread);
    const isEnough = known && (limit <= known.limit || known.frames.length < known.limit);
    if (isEnough) return known.frames.slice(0, limit);
    const [frames = []] = await this.read([thread], limit, {});
    this.#asOf = this.#changes();
    this.#known.set(thread, { frames, limit });
    return frames;
  }

  /** In one round trip. Of a thread that has none (it has just ended) the list is empty, unless it is the only one asked for. */
  async read(
    threads: readonly number[],
    limit: number,
    { args = false, words = 0 }: StackDetails,
    start: StackStart | null = null,
  ): Promise<readonly (readonly Frame[])[]> {
    const answer = await this.#engine.helper.call<StacksAnswer>('stacks', {
      threads: threads.map((thread) => this.#engine.gdbThread(thread)),
      limit,
      args,
      words,
      ...(start && { start: [start.stackPointer ?? 0n, start.address ?? 0n].map(toHex) }),
    });
    const [only] = answer.stacks;
    if (threads.length === 1 && only?.error !== undefined) throw engineErrors.gdb(only.error, 'stacks');
    const types = new TypeReader(answer.types);
    const stacks: (readonly Frame[])[] = [];
    const turns = new Turns();
    for (const stack of answer.stacks) {
      const frames: Frame[] = [];
      for (const level of stack.frames.keys()) {
        await turns.take();
        frames.push(await this.#frame(types, stack, level));
      }
      stacks.push(frames);
    }
    return stacks;
  }

  async #frame(types: TypeReader, stack: StackRow, level: number): Promise<Frame> {
    const row = stack.frames[level] as FrameRow;
    const address = fromHex(row.pc);
    return {
      level,
      address,
      stackPointer: row.sp === undefined ? null : fromHex(row.sp),
      returnAddress: returnAddress(stack, level),
      inlined: row.i !== undefined,
      ...(await this.#place(row, address)),
      source: row.f === undefined ? null : { file: row.f, line: row.l ?? 0 },
      ...(row.a ? { args: row.a.map((one) => types.variable(one)) } : {}),
      ...(row.w ? { words: row.w.map(fromHex) } : {}),
    };
  }

  async #place(row: FrameRow, address: bigint): Promise<Pick<Frame, 'symbol' | 'module'>> {
    // A call may be the last instruction of its function: then the return address is the next one's.
    const inside = row.c ? address - 1n : address;
    const module = await this.#modules.at(inside);
    if (!module) return { symbol: null, module: null };
    const { name, start } = module.info;
    const found = await this.#modules.symbolize(inside);
    const at = { module: { name, start } };
    if (row.i === undefined) return { ...at, symbol: found && { ...found, offset: address - found.address } };
    const begins = row.b === undefined ? (found?.address ?? start) : fromHex(row.b);
    const inlined = {
      module: name,
      name: withoutParameters(row.i),
      address: begins,
      offset: address - begins,
    };
    return { ...at, symbol: inlined };
  }
}

/** The pc of the next frame that is not inlined; null for inlined ones, 0 at the end of the stack. */
function returnAddress({ frames, end }: StackRow, level: number): bigint | null {
  if (frames[level]?.i !== undefined) return null;
  let next = level + 1;
  while (frames[next]?.i !== undefined) next++;
  const address = frames[next]?.pc ?? end;
  return address === null || address === undefined ? 0n : fromHex(address);
}

const toHex = (value: bigint): string => (value === 0n ? '' : value.toString(16));
