import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ImageFacts, Machine, MachineInfo } from '../../machine/machine.ts';
import { stubErrors } from '../../stub/errors.ts';
import { inspectElf } from '../elf-file.ts';

/** What is to go wrong with the files of a machine. */
export interface Faults {
  /** The stream fails before the byte of this number. */
  cutAt?: number;
  /** It ends there instead, as if that were all. */
  endAt?: number;
  /** Another file comes. */
  instead?: string;
  /** Called before each piece. */
  piece?: (path: string, offset: number) => Promise<void>;
  pieceBytes?: number;
}

/** Another machine, whose files stand in a folder of this one: real files, read in pieces, with faults where wanted. */
export class FolderMachine implements Machine {
  readonly reads: { readonly path: string; readonly offset: number }[] = [];
  /** Streams that somebody has not finished with. */
  open = 0;
  faults: Faults;
  readonly #root: string;
  readonly host: string;

  constructor(root: string, faults: Faults = {}, host = 'birch') {
    this.#root = root;
    this.faults = faults;
    this.host = host;
  }

  async info(): Promise<MachineInfo> {
    const nothing = { user: '', system: 'Linux', release: '', architecture: 'x86_64', cwd: '/', home: '/' };
    return { host: this.host, ...nothing };
  }

  async image(path: string): Promise<ImageFacts> {
    const [image] = await this.images(null, [path]);
    if (!image) throw new Error(`${path} is no ELF file`);
    return image;
  }

  async images(_pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]> {
    return Promise.all(
      paths.map(async (path) => {
        const facts = await inspectElf(join(this.#root, path));
        if (facts === null) return null;
        const modified = Math.floor(statSync(join(this.#root, path)).mtimeMs);
        return { path, size: facts.size, modified, buildId: facts.buildId, architecture: 'x86_64' };
      }),
    );
  }

  readFile(path: string, _pid: number | null, offset: number): Readable {
    this.reads.push({ path, offset });
    this.open += 1;
    const stream = Readable.from(this.#bytes(path, offset), { objectMode: false });
    stream.once('close', () => {
      this.open -= 1;
    });
    return stream;
  }

  async *#bytes(path: string, offset: number): AsyncGenerator<Buffer> {
    const {
      cutAt = Number.POSITIVE_INFINITY,
      endAt = cutAt,
      instead,
      piece,
      pieceBytes = 16_384,
    } = this.faults;
    const source = instead ?? join(this.#root, path);
    const bytes = createReadStream(source, { start: offset, highWaterMark: pieceBytes });
    let at = offset;
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      await piece?.(path, at);
      const rest = Math.min(endAt, cutAt) - at;
      if (rest > 0) yield chunk.subarray(0, rest);
      if (rest <= chunk.length && endAt < cutAt) return;
      if (rest <= chunk.length) throw stubErrors.fileUnreadable(path, 'the link was cut');
      at += chunk.length;
    }
  }

  processes = unused;
  process = unused;
  folder = unused;
  program = unused;
  disposition = unused;
  look = unused;
}

function unused(): Promise<never> {
  return Promise.reject(new Error('the image store does not need it'));
}
