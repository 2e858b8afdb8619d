import type { Context, Frame, StackDetails, StackStart, ThreadInfo } from '../../backend/types.ts';
import { fromHex } from '../parts.ts';
import { Guarded } from './guarded.ts';

/** Threads, their stacks and registers. */
export class ThreadQueries extends Guarded {
  async threads(): Promise<readonly ThreadInfo[]> {
    this.needTarget();
    const rows = await this.core.helper.call<[number, number, string, boolean][]>('threads');
    const all = rows.map(([gdb, tid, name, running]) => ({
      index: this.core.threads.index(String(gdb)),
      tid,
      name,
      running,
    }));
    return all.sort((a, b) => a.index - b.index);
  }

  async threadPointers(): Promise<ReadonlyMap<number, bigint>> {
    this.needTarget();
    await this.core.link.needThreadStorage(null);
    const rows = await this.core.helper.call<[number, string][]>('thread_pointers');
    return new Map(rows.map(([gdb, value]) => [this.core.threads.index(String(gdb)), fromHex(value)]));
  }

  async stackPointers(): Promise<ReadonlyMap<number, bigint>> {
    this.needTarget();
    const rows = await this.core.helper.call<[number, string][]>('stack_pointers');
    return new Map(rows.map(([gdb, value]) => [this.core.threads.index(String(gdb)), fromHex(value)]));
  }

  async frames(thread: number, limit: number): Promise<readonly Frame[]> {
    this.needTarget();
    return this.#withLines([await this.core.stacks.frames(thread, limit)])[0] ?? [];
  }

  async stacks(
    threads: readonly number[],
    limit: number,
    details: StackDetails = {},
    start: StackStart | null = null,
  ): Promise<readonly (readonly Frame[])[]> {
    this.needTarget();
    return this.#withLines(await this.core.stacks.read(threads, limit, details, start));
  }

  #withLines(stacks: readonly (readonly Frame[])[]): readonly (readonly Frame[])[] {
    if (this.hasLines) return stacks;
    return stacks.map((frames) => frames.map((frame) => ({ ...frame, source: null })));
  }

  async registers(context: Context, names: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    this.needTarget();
    return this.core.registers.read(this.contextOf(context), names);
  }

  async registersOfThreads(
    names: readonly string[],
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, bigint>>> {
    this.needTarget();
    const rows = await this.core.helper.call<[number, string][]>('registers_of_threads', { names });
    return new Map(
      rows.map(([gdb, words]) => {
        const values = words.split(' ').map((word, at) => [names[at] ?? '', word] as const);
        const known = values.filter(([, word]) => /^[0-9a-f]+$/.test(word));
        return [
          this.core.threads.index(String(gdb)),
          new Map(known.map(([name, word]) => [name, fromHex(word)])),
        ];
      }),
    );
  }

  async writeRegister(context: Context, name: string, value: bigint): Promise<void> {
    this.needChangeable('its registers are as they were');
    await this.core.helper.call('write_register', {
      ...this.contextOf(context),
      name,
      value: value.toString(),
    });
  }

  async registerNames(): Promise<readonly string[]> {
    this.needTarget();
    return this.core.registers.names();
  }
}
