import type { Readable } from 'node:stream';
import type { SignalDisposition } from '../../backend/types.ts';
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
}
