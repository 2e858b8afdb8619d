import { readFile } from 'node:fs/promises';
import { homedir, hostname, machine, release, type as systemType, userInfo } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import type { SignalDisposition } from '../backend/types.ts';
import { signalDisposition } from './disposition.ts';
import { type OpenedFile, openFile, seenBy } from './files.ts';
import { listFolder } from './folder.ts';
import { readImage } from './images.ts';
import { inTurn } from './in-turn.ts';
import { type LookedAt, look } from './look.ts';
import type {
  FolderListing,
  ImageFacts,
  Machine,
  MachineInfo,
  MappedFile,
  ProcessDetails,
  ProcessEntry,
} from './machine.ts';
import { noProcess, tracerOf } from './obstacles.ts';
import { argumentsOf, listProcesses, type Onlooker, readProcess } from './processes.ts';
import { checkProgram } from './program.ts';

/** A process with more mappings shows its first ones; the kernel's own limit is as high. */
const MAX_MAPPINGS = 65_536;
const AT_ONCE = 8;

/** Who of our own debugs something, for {@link LocalMachine}: see {@link Onlooker}. */
export type Holder = (tracer: number) => string | null;

/** The machine that this program runs on, by /proc. */
export class LocalMachine implements Machine {
  readonly #holder: Holder;

  constructor(holder: Holder = () => null) {
    this.#holder = holder;
  }

  get #onlooker(): Onlooker {
    return { tracer: tracerOf(process.pid, [process.pid]), holder: this.#holder };
  }

  async info(): Promise<MachineInfo> {
    return localInfo();
  }

  processes(): Promise<readonly ProcessEntry[]> {
    return listProcesses(this.#onlooker);
  }

  async process(pid: number): Promise<ProcessDetails> {
    const found = await readProcess(pid, this.#onlooker);
    if (!found) throw noProcess(pid);
    const [args, maps] = await Promise.all([
      argumentsOf(pid),
      readFile(`/proc/${pid}/maps`, 'utf8').catch(() => ''),
    ]);
    return { ...found, args: args.slice(1), mappings: mappingsIn(maps) };
  }

  folder(path: string): Promise<FolderListing> {
    return listFolder(path);
  }

  async program(program: string, cwd: string | null): Promise<ImageFacts> {
    const path = checkProgram(program, cwd ?? process.cwd(), process.env.PATH ?? '');
    const facts = await readImage(path);
    return facts ?? { path, size: 0, modified: 0, buildId: null, architecture: '' };
  }

  images(pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]> {
    return inTurn(paths, AT_ONCE, async (path) => readImage(path, await seenBy(pid, path)));
  }

  /** @throws HawserError `FILE_UNREADABLE` */
  open(path: string, pid: number | null): Promise<OpenedFile> {
    return openFile(path, pid);
  }

  readFile(path: string, pid: number | null, offset: number): Readable {
    const out = new PassThrough();
    openFile(path, pid).then(
      (file) => {
        if (out.destroyed) return void file.close();
        const source = file.read(offset);
        source.on('error', (error) => out.destroy(error));
        out.on('close', () => source.destroy());
        source.pipe(out);
      },
      (error: unknown) => out.destroy(error as Error),
    );
    return out;
  }

  async disposition(pid: number, signal: string): Promise<SignalDisposition> {
    return signalDisposition(pid, signal);
  }

  look(paths: readonly string[]): Promise<readonly LookedAt[]> {
    return look(paths);
  }
}

export function localInfo(): MachineInfo {
  return {
    host: hostname(),
    user: userName(),
    system: systemType(),
    release: release(),
    architecture: machine(),
    cwd: process.cwd(),
    home: homedir(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? `uid ${process.getuid?.()}`;
  }
}

/** Those of files, and the kernel's own library. */
function mappingsIn(maps: string): readonly MappedFile[] {
  const found: MappedFile[] = [];
  for (const line of maps.split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+ +(\/.*|\[vdso\])$/.exec(line);
    if (!match) continue;
    const [, start = '', end = '', offset = '', path = ''] = match;
    found.push({ start, end, offset, path: path.replaceAll('\\012', '\n') });
    if (found.length === MAX_MAPPINGS) break;
  }
  return found;
}
