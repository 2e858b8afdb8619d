import { Readable } from 'node:stream';
import type { Pacer } from '../../../transports/channels/pace.ts';
import { stubErrors } from '../errors.ts';
import { FILE_ERRNO, type HostIo, HostIoError } from './host-io.ts';

/** Pieces on their way at most, whatever the link carries. */
const MOST = 64;
/** Of a piece that came back shorter than asked for: the next ones are to fit their packets, escapes and all. */
const MARGIN = 31 / 32;
const SMALLEST = 1024;

interface Piece {
  readonly offset: number;
  readonly length: number;
  /** Bytes asked for in all, with this piece. */
  readonly asked: number;
  readonly bytes: Promise<Buffer>;
}

/** Pieces of an open file in their order, several on their way at once: as many as leave the link to everything else. */
class Pieces {
  readonly #io: HostIo;
  readonly #fd: number;
  readonly #pacer: Pacer;
  readonly #pieces: Piece[] = [];
  #at: number;
  #size: number;
  #asked = 0;

  constructor(io: HostIo, fd: number, offset: number) {
    this.#io = io;
    this.#fd = fd;
    this.#at = offset;
    this.#size = io.piece;
    this.#pacer = io.pace.begin();
  }

  /** The next bytes; none at the file's end. */
  async next(): Promise<Buffer> {
    this.#fill();
    const piece = this.#pieces.shift();
    if (!piece) throw new Error('no piece is on its way');
    const bytes = await piece.bytes;
    this.#pacer.acked(piece.asked);
    const short = piece.length - bytes.length;
    // The file's end, or what did not fit into its packet.
    if (short > 0 && bytes.length > 0) {
      this.#size = Math.max(SMALLEST, Math.min(this.#size, Math.floor(bytes.length * MARGIN)));
      this.#pieces.unshift(this.#ask(piece.offset + bytes.length, short));
    }
    return bytes;
  }

  end(): void {
    this.#pacer.end();
  }

  #fill(): void {
    while (this.#pieces.length < MOST) {
      const length = Math.min(this.#size, this.#pacer.room);
      if (length === 0) return;
      this.#pieces.push(this.#ask(this.#at, length));
      this.#at += length;
    }
  }

  #ask(offset: number, length: number): Piece {
    const bytes = this.#io.read(this.#fd, [{ offset, length }]).then(([part]) => part ?? Buffer.alloc(0));
    // It may be given up before its turn.
    bytes.catch(() => undefined);
    this.#asked += length;
    this.#pacer.sent(this.#asked, length);
    return { offset, length, asked: this.#asked, bytes };
  }
}

/** A file's bytes; no more is read than is taken. */
export function fileStream(io: HostIo, path: string, offset: number): Readable {
  let fd: number | null = null;
  let pieces: Pieces | null = null;
  const next = async (): Promise<Buffer> => {
    fd ??= await io.open(path);
    pieces ??= new Pieces(io, fd, offset);
    return pieces.next();
  };
  const release = async () => {
    const open = fd;
    fd = null;
    pieces?.end();
    if (open !== null) await io.close(open);
  };
  return new Readable({
    read() {
      next().then(
        (bytes) => this.push(bytes.length > 0 ? bytes : null),
        (error: unknown) => this.destroy(readError(error, path)),
      );
    },
    destroy(error, done) {
      release().then(
        () => done(error),
        () => done(error),
      );
    },
  });
}

export function readError(error: unknown, path: string): Error {
  if (error instanceof HostIoError) return stubErrors.fileUnreadable(path, reasonOf(error.errno));
  return error instanceof Error ? error : new Error(String(error));
}

export function reasonOf(errno: number): string {
  switch (errno) {
    case FILE_ERRNO.ENOENT:
      return 'no such file';
    case FILE_ERRNO.EACCES:
    case FILE_ERRNO.EPERM:
      return 'there is no permission';
    case FILE_ERRNO.EISDIR:
      return 'it is a folder';
    default:
      return `the stub says error ${errno}`;
  }
}
