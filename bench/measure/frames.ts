import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseConnectionString } from '../../transports/connection-string.ts';
import { Framed } from '../../transports/frames/framed.ts';
import { connect } from '../../transports/registry.ts';
import { type Flood, MIB, rate } from './floods.ts';
import { root } from './places.ts';

/** A transport's connections and the frames on them, with no session behind. */
export class FramesSide {
  readonly #flood: Flood;
  readonly #writer: ChildProcess;
  readonly #readers: readonly Framed[];
  readonly #got: number[];
  #last: (() => void) | null = null;

  private constructor(flood: Flood, writer: ChildProcess, readers: readonly Framed[]) {
    this.#flood = flood;
    this.#writer = writer;
    this.#readers = readers;
    this.#got = readers.map(() => 0);
    for (const [index, framed] of readers.entries())
      framed.setHandler(0, {
        data: (payload) => {
          this.#got[index] = (this.#got[index] ?? 0) + payload.length;
          if (this.#got.every((bytes) => bytes === flood.mib * MIB)) this.#last?.();
        },
      });
  }

  /** @param transport what stands before port and server, `ssl:certuser=lab,` */
  static async open(flood: Flood, transport: string): Promise<FramesSide> {
    const args = [`${transport}port=0,bind=127.0.0.1`];
    const writer = fork(join(root, 'bench/anchors/frames-writer.mjs'), args, { stdio: 'ignore' });
    const [port] = (await once(writer, 'message')) as [number];
    const string = `${transport}server=127.0.0.1,port=${port}`;
    const target = parseConnectionString(string, { role: 'client', backslashes: 'strip' });
    const { signal } = new AbortController();
    const readers: Framed[] = [];
    for (let count = 0; count < flood.readers; count++)
      readers.push(new Framed((await connect(target, { signal })).stream));
    return new FramesSide(flood, writer, readers);
  }

  /** MiB a second, summed over the readers. */
  async flood(): Promise<number> {
    this.#got.fill(0);
    const all = new Promise<void>((resolve) => {
      this.#last = resolve;
    });
    const began = performance.now();
    this.#writer.send({ bytes: this.#flood.mib * MIB });
    await all;
    return rate(this.#flood, performance.now() - began);
  }

  end(): void {
    for (const framed of this.#readers) framed.destroy();
    this.#writer.disconnect();
  }
}
