import { LinkPace } from '../../../transports/channels/pace.ts';
import { encodePacket, expandRuns, type RspPacket, unescapeBody } from '../rsp/packets.ts';

/** Sends several packets, gives their answers in order. */
export type AskPackets = (raws: readonly Buffer[]) => Promise<readonly RspPacket[]>;

/** A file that could not be had; `errno` as GDB's file protocol numbers them. */
export class HostIoError extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

export interface HostIoAnswer {
  /** -1: failed. */
  readonly result: number;
  readonly errno: number;
  readonly data: Buffer;
}

export interface FileFacts {
  readonly mode: number;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly head: Buffer;
}

/** The protocol's own numbers (GDB's include/gdb/fileio.h), which are not any system's. */
export const FILE_ERRNO = { EPERM: 1, ENOENT: 2, EACCES: 13, EISDIR: 21, EUNKNOWN: 9999 } as const;

/** Stubs keep descriptors like any program: no more are open at once. */
const MAX_OPEN = 400;

/** Files of the stub's machine, many at a time: GDB's host I/O packets (`vFile`). */
export class HostIo {
  readonly #ask: AskPackets;
  /** Bytes of a file in one answer. Escapes may double them: what did not fit is asked again. */
  readonly #piece: number;
  /** For files that are read whole. */
  readonly pace = new LinkPace();

  constructor(ask: AskPackets, packetSize: number) {
    this.#ask = ask;
    this.#piece = Math.max(64, packetSize - 64);
  }

  /** The beginning of each file, at most `limit` bytes; null for one that cannot be read. */
  async heads(paths: readonly string[], limit: number): Promise<(Buffer | null)[]> {
    const all: (Buffer | null)[] = [];
    for (let at = 0; at < paths.length; at += MAX_OPEN)
      all.push(...(await this.#headsOfSome(paths.slice(at, at + MAX_OPEN), limit)));
    return all;
  }

  async #headsOfSome(paths: readonly string[], limit: number): Promise<(Buffer | null)[]> {
    const files = (await this.#calls(paths.map(openCall))).map(({ result }) => result);
    const open = files.filter((fd) => fd >= 0);
    const wanted = Math.min(limit, this.#piece);
    const reads = open.map((fd) => preadCall(fd, 0, wanted));
    // What is closed right behind its reading costs no wait of its own; most files fit one piece.
    const keep = wanted < limit;
    const answers = await this.#calls(keep ? reads : [...reads, ...open.map(closeCall)]);
    const bodies = new Map<number, Buffer | null>();
    for (const [index, fd] of open.entries()) bodies.set(fd, this.#part(answers[index]));
    if (keep) await this.#rest(bodies, limit);
    return files.map((fd) => bodies.get(fd) ?? null);
  }

  #part(answer: HostIoAnswer | undefined): Buffer | null {
    return answer && answer.result >= 0 ? answer.data : null;
  }

  /** Files longer than a piece are read on, all of them together. */
  async #rest(bodies: Map<number, Buffer | null>, limit: number): Promise<void> {
    let growing = [...bodies.keys()];
    while (growing.length > 0) {
      const at = (fd: number) => bodies.get(fd)?.length ?? 0;
      growing = growing.filter((fd) => at(fd) > 0 && at(fd) < limit);
      const answers = await this.#calls(
        growing.map((fd) => preadCall(fd, at(fd), Math.min(this.#piece, limit - at(fd)))),
      );
      growing = growing.filter((fd, index) => {
        const data = this.#part(answers[index]);
        const before = bodies.get(fd);
        if (!data || !before || data.length === 0) return false;
        bodies.set(fd, Buffer.concat([before, data]));
        return true;
      });
    }
    await this.#calls([...bodies.keys()].map(closeCall));
  }

  /** Where links lead; null for what is none. */
  async links(paths: readonly string[]): Promise<(string | null)[]> {
    const answers = await this.#calls(paths.map((path) => Buffer.from(`vFile:readlink:${hex(path)}`)));
    return answers.map((answer) => this.#part(answer)?.toString('utf8') ?? null);
  }

  /** Facts of each file, and its first bytes; null for one that cannot be read. */
  async look(paths: readonly string[], length: number): Promise<(FileFacts | null)[]> {
    const all: (FileFacts | null)[] = [];
    for (let at = 0; at < paths.length; at += MAX_OPEN) {
      const files = await this.#calls(paths.slice(at, at + MAX_OPEN).map(openCall));
      const open = files.filter(({ result }) => result >= 0).map(({ result }) => result);
      const wanted = Math.min(length, this.#piece);
      const answers = await this.#calls(
        open.flatMap((fd) => [fstatCall(fd), preadCall(fd, 0, wanted), closeCall(fd)]),
      );
      const facts = open.map((_, index) => factsOf(answers[index * 3], answers[index * 3 + 1]));
      all.push(...files.map(({ result }) => (result >= 0 ? (facts.shift() ?? null) : null)));
    }
    return all;
  }

  /** Opens a file for reading. @throws HostIoError */
  async open(path: string): Promise<number> {
    const [opened] = await this.#calls([openCall(path)]);
    if (!opened || opened.result < 0) throw new HostIoError(opened?.errno ?? FILE_ERRNO.EUNKNOWN);
    return opened.result;
  }

  /** Pieces of an open file, read together; shorter than asked for where the file, or the packet, ends. */
  async read(fd: number, pieces: readonly { offset: number; length: number }[]): Promise<Buffer[]> {
    const answers = await this.#calls(pieces.map(({ offset, length }) => preadCall(fd, offset, length)));
    return answers.map((answer) => {
      if (answer.result < 0) throw new HostIoError(answer.errno);
      return answer.data;
    });
  }

  get piece(): number {
    return this.#piece;
  }

  async close(fd: number): Promise<void> {
    await this.#calls([closeCall(fd)]);
  }

  async #calls(bodies: readonly Buffer[]): Promise<HostIoAnswer[]> {
    if (bodies.length === 0) return [];
    const packets = await this.#ask(bodies.map(encodePacket));
    return packets.map(answerOf);
  }
}

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
const openCall = (path: string) => Buffer.from(`vFile:open:${hex(path)},0,0`);
const closeCall = (fd: number) => Buffer.from(`vFile:close:${fd.toString(16)}`);
const fstatCall = (fd: number) => Buffer.from(`vFile:fstat:${fd.toString(16)}`);
const preadCall = (fd: number, offset: number, length: number) =>
  Buffer.from(`vFile:pread:${fd.toString(16)},${length.toString(16)},${offset.toString(16)}`);

const STAT_BYTES = 64;

/** GDB's own layout of `struct stat`: big-endian, of fixed sizes. */
function factsOf(stat: HostIoAnswer | undefined, head: HostIoAnswer | undefined): FileFacts | null {
  if (!stat || stat.data.length < STAT_BYTES || !head || head.result < 0) return null;
  const { data } = stat;
  return {
    mode: data.readUInt32BE(8),
    size: Number(data.readBigUInt64BE(28)),
    modified: data.readUInt32BE(56) * 1000,
    head: head.data,
  };
}

/** `F result[,errno][;data]`, numbers in hexadecimal. */
export function answerOf(packet: RspPacket): HostIoAnswer {
  const body = expandRuns(packet.body);
  const semicolon = body.indexOf(0x3b);
  const head = body.toString('latin1', 0, semicolon < 0 ? body.length : semicolon);
  const found = /^F(-?[0-9a-f]+)(?:,([0-9a-f]+))?$/i.exec(head);
  if (!found) return { result: -1, errno: FILE_ERRNO.EUNKNOWN, data: Buffer.alloc(0) };
  return {
    result: Number.parseInt(found[1] ?? '-1', 16),
    errno: Number.parseInt(found[2] ?? '0', 16),
    data: semicolon < 0 ? Buffer.alloc(0) : unescapeBody(body.subarray(semicolon + 1)),
  };
}
