import type { Readable } from 'node:stream';
import type { SignalDisposition } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { LOOK_BYTES, type LookedAt } from '../../machine/look.ts';
import type {
  FolderListing,
  ImageFacts,
  Machine,
  MachineInfo,
  ProcessDetails,
  ProcessEntry,
} from '../../machine/machine.ts';
import { buildIdIn, elfFacts } from './elf-facts.ts';
import { fileStream } from './file-stream.ts';
import { type FileFacts, type HostIo, HostIoError } from './host-io.ts';
import { type OsProcess, osProcesses } from './osdata.ts';
import { dispositionOf, mappingsOf, obstacleOf, type Status, startedOf, statusOf, wordsOf } from './proc.ts';

/** What a stub can do for {@link BareMachine}; null: it cannot. */
export interface BareMeans {
  /** As it is named in errors. */
  readonly title: string;
  /** Host of the connection string. */
  readonly host: string;
  readonly files: HostIo | null;
  /** `qXfer:osdata:read:processes`, whole. */
  readonly osdata: (() => Promise<string>) | null;
}

const SMALL = 64 * 1024;
/** Maps of processes with many libraries. */
const LARGE = 8 * 1024 * 1024;
/** Holds an ELF file's headers, and as a rule the note with its build id. */
const HEAD = 4096;

/** The machine behind a bare stub, as far as GDB's remote protocol shows it: by files of its /proc. */
export class BareMachine implements Machine {
  readonly #means: BareMeans;

  constructor(means: BareMeans) {
    this.#means = means;
  }

  async info(): Promise<MachineInfo> {
    const { host, files } = this.#means;
    const unknown = { host, user: '', system: '', release: '', architecture: '', cwd: '', home: '' };
    if (!files) return unknown;
    const [name, system, release, status, environ, passwd, exe] = await files.heads(
      [
        '/proc/sys/kernel/hostname',
        '/proc/sys/kernel/ostype',
        '/proc/sys/kernel/osrelease',
        '/proc/self/status',
        '/proc/self/environ',
        '/etc/passwd',
        '/proc/self/exe',
      ],
      HEAD,
    );
    const [cwd] = await files.links(['/proc/self/cwd']);
    const line = (bytes: Buffer | null | undefined) => bytes?.toString('utf8').trim() ?? '';
    const uid = userId(statusOf(line(status)));
    return {
      host: line(name) || host,
      user: userName(line(passwd), uid),
      system: line(system),
      release: line(release),
      architecture: exe ? (elfFacts(exe)?.architecture ?? '') : '',
      cwd: cwd ?? '',
      home: variable(environ, 'HOME'),
    };
  }

  async processes(): Promise<readonly ProcessEntry[]> {
    const { osdata } = this.#means;
    if (!osdata) throw this.#cannot('A list of processes', 'it does not tell them (qXfer:osdata:read)');
    // Those of the kernel's threads have no command line: their names stand in brackets.
    const listed = osProcesses(await osdata()).filter(({ command }) => !/^\[.*\]$/.test(command));
    return this.#entries(listed);
  }

  async process(pid: number): Promise<ProcessDetails> {
    const files = this.#files('Looking at a process');
    const folder = `/proc/${pid}`;
    const paths = ['status', 'cmdline', 'maps'].map((name) => `${folder}/${name}`);
    const [status, cmdline, maps] = await files.heads(paths, LARGE);
    if (!status)
      throw engineErrors.attachRefused(pid, 'there is no such process', '.tlist lists those there are.');
    const [executable] = await files.links([`${folder}/exe`]);
    const text = status.toString('utf8');
    const words = wordsOf(cmdline?.toString('utf8') ?? '');
    const [entry] = await this.#entries([{ pid, user: '', command: words.join(' ') }]);
    if (!entry)
      throw engineErrors.attachRefused(pid, 'there is no such process', '.tlist lists those there are.');
    return {
      entry,
      executable: executable ?? '',
      args: words.slice(1),
      threads: Number(statusOf(text).get('Threads') ?? 0),
      mappings: mappingsOf(maps?.toString('utf8') ?? ''),
    };
  }

  folder(): Promise<FolderListing> {
    return Promise.reject(
      this.#cannot(
        "Browsing the machine's folders",
        "GDB's remote protocol reads files, but lists no folders",
      ),
    );
  }

  async program(program: string, cwd: string | null): Promise<ImageFacts> {
    const files = this.#files('Looking for a program');
    const paths = await this.#candidates(program, cwd, files);
    const found = await files.look(paths, HEAD);
    const index = found.findIndex((facts) => facts !== null && isFile(facts));
    const facts = found[index];
    const path = paths[index];
    if (!facts || path === undefined) throw engineErrors.programNotFound(program);
    const refuse = (why: string) => engineErrors.programNotExecutable(program, why);
    if ((facts.mode & 0o111) === 0) throw refuse('it has no permission to be executed');
    const elf = elfFacts(facts.head);
    const script = /^#!\s*(\S+)/.exec(facts.head.toString('latin1', 0, 128));
    if (script) throw refuse(`it is a script; debug its interpreter instead: ${script[1]} ${path}`);
    if (!elf) throw refuse('it is not an ELF program');
    if (!elf.executable) throw refuse('it is an ELF file, but not a program');
    return this.#image(path, facts, files);
  }

  async images(pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]> {
    const files = this.#files('Looking at images');
    const seen = paths.map((path) => within(pid, path));
    const found = await files.look(seen, HEAD);
    return Promise.all(
      found.map((facts, index) =>
        facts && elfFacts(facts.head) ? this.#image(paths[index] ?? '', facts, files, seen[index]) : null,
      ),
    );
  }

  readFile(path: string, pid: number | null, offset: number): Readable {
    return fileStream(this.#files('Reading files'), within(pid, path), offset);
  }

  async disposition(pid: number, signal: string): Promise<SignalDisposition> {
    if (!this.#means.files) return 'unknown';
    const [status] = await this.#means.files.heads([`/proc/${pid}/status`], SMALL);
    return status ? dispositionOf(statusOf(status.toString('utf8')), signal) : 'unknown';
  }

  async look(paths: readonly string[]): Promise<readonly LookedAt[]> {
    const files = this.#files('Looking into /proc');
    const all = (await Promise.all(paths.map((path) => expand(files, path)))).flat();
    const links = await files.links(all);
    const plain = all.filter((_, index) => links[index] === null);
    const heads = await files.heads(plain, LOOK_BYTES);
    const bytes = new Map(plain.map((path, index) => [path, heads[index] ?? null]));
    return all
      .map((path, index) => ({ path, link: links[index] ?? null, mode: 0, bytes: bytes.get(path) ?? null }))
      .filter(({ link, bytes }) => link !== null || bytes !== null);
  }

  #files(what: string): HostIo {
    const { files } = this.#means;
    if (!files) throw this.#cannot(what, 'it reads no files for us (vFile)');
    return files;
  }

  #cannot(what: string, why: string) {
    return engineErrors.unsupported(what, `${this.#means.title}: ${why}`);
  }

  /** What /proc adds, where the stub reads files: of all processes together. */
  async #entries(listed: readonly OsProcess[]): Promise<ProcessEntry[]> {
    const { files } = this.#means;
    const names = ['status', 'stat', 'exe'];
    const paths = files ? listed.flatMap(({ pid }) => names.map((name) => `/proc/${pid}/${name}`)) : [];
    const [system, passwd, ...heads] = files
      ? await files.heads(['/proc/stat', '/etc/passwd', ...paths], HEAD)
      : [];
    const users = passwd?.toString('utf8') ?? '';
    return listed.map(({ pid, user, command }, index) => {
      const [status, stat, exe] = heads.slice(index * names.length);
      const facts = statusOf(status?.toString('utf8') ?? '');
      return {
        pid,
        parent: Number(facts.get('PPid') ?? 0),
        name: facts.get('Name') || baseName(command.split(' ')[0] ?? ''),
        user: user || userName(users, userId(facts)),
        commandLine: command.trim(),
        architecture: exe ? (elfFacts(exe)?.architecture ?? '') : '',
        started: startedOf(stat?.toString('latin1') ?? '', system?.toString('latin1') ?? ''),
        obstacle: obstacleOf(facts),
      };
    });
  }

  /** Where a program may be: the stub's own search path is looked through, as it would itself. */
  async #candidates(program: string, cwd: string | null, files: HostIo): Promise<string[]> {
    if (program.startsWith('/')) return [program];
    const [environ] = await files.heads(['/proc/self/environ'], SMALL);
    const [own] = await files.links(['/proc/self/cwd']);
    const folder = cwd ?? own ?? '/';
    if (program.includes('/')) return [`${folder}/${program}`];
    const search = variable(environ, 'PATH').split(':').filter(Boolean);
    return [folder, ...search].map((place) => `${place}/${program}`);
  }

  async #image(path: string, facts: FileFacts, files: HostIo, at = path): Promise<ImageFacts> {
    const elf = elfFacts(facts.head);
    let buildId: string | null = null;
    for (const { offset, length } of elf?.notes ?? []) {
      const end = offset + length;
      const notes =
        end <= facts.head.length ? facts.head.subarray(offset, end) : await part(files, at, offset, length);
      buildId = notes && buildIdIn(notes);
      if (buildId) break;
    }
    return {
      path,
      size: facts.size,
      modified: facts.modified,
      buildId,
      architecture: elf?.architecture ?? '',
    };
  }
}

/** No more descriptors, or threads, are tried. */
const TRIED = 1024;

/** Folders cannot be listed: of `fd` all numbers are tried that the process has room for. */
async function expand(files: HostIo, path: string): Promise<string[]> {
  const [before = '', after] = path.split('/*');
  if (after === undefined) return [path];
  const [status] = await files.heads([`${before.replace(/\/[^/]*$/, '')}/status`], SMALL);
  const room = Number(statusOf(status?.toString('utf8') ?? '').get('FDSize') ?? 0);
  return Array.from({ length: Math.min(room, TRIED) }, (_, number) => `${before}/${number}${after}`);
}

async function part(files: HostIo, path: string, offset: number, length: number): Promise<Buffer | null> {
  try {
    const fd = await files.open(path);
    const [bytes] = await files.read(fd, [{ offset, length }]);
    await files.close(fd);
    return bytes ?? null;
  } catch (error) {
    if (error instanceof HostIoError) return null;
    throw error;
  }
}

/** A path as a process sees it, which may have a root of its own. */
function within(pid: number | null, path: string): string {
  return pid === null || !path.startsWith('/') ? path : `/proc/${pid}/root${path}`;
}

function isFile({ mode }: FileFacts): boolean {
  return (mode & 0o170000) === 0o100000;
}

/** The effective one. */
function userId(status: Status): string {
  return status.get('Uid')?.split(/\s+/)[1] ?? '';
}

function userName(passwd: string, uid: string): string {
  if (uid === '') return '';
  const row = passwd.split('\n').find((line) => line.split(':')[2] === uid);
  return row?.split(':')[0] ?? uid;
}

function variable(environ: Buffer | null | undefined, name: string): string {
  const start = `${name}=`;
  const word = wordsOf(environ?.toString('utf8') ?? '').find((entry) => entry.startsWith(start));
  return word?.slice(start.length) ?? '';
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
