import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { engineErrors } from '../../errors.ts';
import type { Program } from '../../kernel/linux/program.ts';
import { buildIdInElf } from '../../kernel/linux/program-elf.ts';
import type { Task } from '../../kernel/linux/tasks.ts';
import type { ImageFacts, Machine, ProcessDetails } from '../../machine/machine.ts';

/** The machine of a kernel's task: that one process, and what its memory tells of the files that are mapped there. */
export class TaskMachine implements Machine {
  readonly #task: Task;
  readonly #program: Program;
  readonly #threads: number;
  readonly #architecture: string;
  readonly #read: (address: bigint, length: number) => Promise<Uint8Array | null>;

  constructor(
    task: Task,
    program: Program,
    options: {
      readonly threads: number;
      readonly architecture: string;
      readonly read: (address: bigint, length: number) => Promise<Uint8Array | null>;
    },
  ) {
    this.#task = task;
    this.#program = program;
    this.#threads = options.threads;
    this.#architecture = options.architecture;
    this.#read = options.read;
  }

  async process(): Promise<ProcessDetails> {
    const { tgid, name } = this.#task;
    return {
      entry: {
        pid: tgid,
        parent: 0,
        name,
        user: '',
        commandLine: '',
        architecture: this.#architecture,
        started: 0,
        obstacle: null,
      },
      executable: this.#program.executable,
      args: [],
      threads: this.#threads,
      mappings: this.#program.mappings
        .filter(({ path }) => path !== '')
        .map(({ start, end, offset, path }) => ({
          start: start.toString(16),
          end: end.toString(16),
          offset: offset.toString(16),
          path,
        })),
    };
  }

  /** By what lies at the beginning of their mappings. */
  async images(_pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]> {
    const facts: (ImageFacts | null)[] = [];
    for (const path of paths) facts.push(await this.#image(path));
    return facts;
  }

  async #image(path: string): Promise<ImageFacts | null> {
    const { mappings } = this.#program;
    const heads = mappings.filter(({ offset, path: mapped }) => offset === 0n && mapped.startsWith('/'));
    // The loader has its own names for libraries.
    const head =
      heads.find((one) => one.path === path) ?? heads.find((one) => basename(one.path) === basename(path));
    if (!head) return null;
    const found = await buildIdInElf(this.#read, head.start);
    return (
      found && {
        path: head.path,
        size: 0,
        modified: 0,
        buildId: found.buildId,
        architecture: this.#architecture,
      }
    );
  }

  readFile(path: string): Readable {
    return Readable.from([]).destroy(this.#cannot(`Reading ${path} of the target`));
  }

  async info(): Promise<never> {
    throw this.#cannot('Asking for the machine');
  }

  async processes(): Promise<never> {
    throw this.#cannot('A list of processes');
  }

  async folder(): Promise<never> {
    throw this.#cannot('Browsing folders');
  }

  async program(): Promise<never> {
    throw this.#cannot('Looking for a program');
  }

  async look(): Promise<never> {
    throw this.#cannot('Looking into /proc');
  }

  async disposition(): Promise<'unknown'> {
    return 'unknown';
  }

  #cannot(what: string) {
    return engineErrors.unsupported(what, 'the kernel’s memory is all that is seen of its machine');
  }
}
