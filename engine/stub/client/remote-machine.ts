import type { Readable } from 'node:stream';
import { HawserError } from '../../../transports/errors/error.ts';
import type { SignalDisposition } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { LookedAt } from '../../machine/look.ts';
import type {
  FolderListing,
  ImageFacts,
  Machine,
  MachineInfo,
  ProcessDetails,
  ProcessEntry,
} from '../../machine/machine.ts';
import type { StubLink } from './link.ts';
import { readRemoteFile } from './remote-file.ts';

/** The machine that a process server runs on. */
export class RemoteMachine implements Machine {
  readonly #link: StubLink;

  constructor(link: StubLink) {
    this.#link = link;
  }

  async info(): Promise<MachineInfo> {
    return this.#link.welcome.machine;
  }

  async processes(): Promise<readonly ProcessEntry[]> {
    return (await this.#link.request('stub/processes', {})).processes;
  }

  async process(pid: number): Promise<ProcessDetails> {
    return (await this.#link.request('stub/process', { pid })).process;
  }

  async folder(path: string): Promise<FolderListing> {
    return (await this.#link.request('stub/folder', { path })).folder;
  }

  async program(program: string, cwd: string | null): Promise<ImageFacts> {
    return (await this.#link.request('stub/program', { program, cwd })).image;
  }

  async images(pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]> {
    return (await this.#link.request('stub/images', { pid, paths })).images;
  }

  readFile(path: string, pid: number | null, offset: number): Readable {
    return readRemoteFile(this.#link, path, pid, offset);
  }

  async disposition(pid: number, signal: string): Promise<SignalDisposition> {
    return (await this.#link.request('stub/disposition', { pid, signal })).disposition;
  }

  async look(paths: readonly string[]): Promise<readonly LookedAt[]> {
    const { files } = await this.#link.request('stub/look', { paths }).catch(older);
    return files.map(({ data, ...file }) => ({
      ...file,
      bytes: data === null ? null : Buffer.from(data, 'base64'),
    }));
  }
}

/** A server of a version that does not have the request yet. */
function older(error: unknown): never {
  if (error instanceof HawserError && error.code === 'BAD_REQUEST')
    throw engineErrors.unsupported(
      'Looking into /proc',
      'the process server is of an older version, which does not show it',
      'Start the process server of this version there.',
    );
  throw error;
}
