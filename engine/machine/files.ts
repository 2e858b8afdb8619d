import { constants } from 'node:fs';
import { type FileHandle, open, readlink, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { HawserError } from '../../transports/errors/error.ts';
import { stubErrors } from '../stub/errors.ts';

const PIECE = 256 * 1024;

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'what stands before its name is no folder',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

export function unreadable(path: string, error: unknown): HawserError {
  if (error instanceof HawserError) return error;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return stubErrors.fileUnreadable(path, CAUSES[code] ?? message);
}

/** Where a file lies that process `pid` calls `path`: it may have another root, or run from a file that was deleted. */
export async function seenBy(pid: number | null, path: string): Promise<string> {
  if (pid === null) return path;
  const exe = `/proc/${pid}/exe`;
  if ((await readlink(exe).catch(() => null)) === path) return exe;
  const root = `/proc/${pid}/root`;
  const [theirs, ours] = await Promise.all([stat(root).catch(() => null), stat('/')]);
  if (!theirs) return path;
  const sameRoot = theirs.dev === ours.dev && theirs.ino === ours.ino;
  return sameRoot && (await sharesMounts(pid)) ? path : `${root}${path}`;
}

/** Below the same root other file systems can be mounted. */
async function sharesMounts(pid: number): Promise<boolean> {
  const [theirs, ours] = await Promise.all([
    readlink(`/proc/${pid}/ns/mnt`).catch(() => null),
    readlink('/proc/self/ns/mnt').catch(() => null),
  ]);
  return theirs === null || theirs === ours;
}

export interface OpenedFile {
  readonly size: number;
  /** Reads to the end and closes. */
  read(offset: number): Readable;
  close(): Promise<void>;
}

/** @throws HawserError `FILE_UNREADABLE` */
export async function openFile(path: string, pid: number | null): Promise<OpenedFile> {
  let file: FileHandle | null = null;
  try {
    // Without waiting for whoever might write to a FIFO.
    file = await open(await seenBy(pid, path), constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    if (facts.isDirectory()) throw stubErrors.fileUnreadable(path, 'it is a folder');
    if (!facts.isFile()) throw stubErrors.fileUnreadable(path, 'it is no file');
    const opened = file;
    const close = () => opened.close().catch(() => undefined);
    return {
      size: facts.size,
      read(offset) {
        const pieces = piecesOf(opened, path, offset);
        const stream = Readable.from(pieces, { objectMode: false, highWaterMark: PIECE });
        // Also of one that is given up before its first piece, whose generator never begins.
        return stream.once('close', close);
      },
      close,
    };
  } catch (error) {
    await file?.close().catch(() => undefined);
    throw unreadable(path, error);
  }
}

async function* piecesOf(file: FileHandle, path: string, offset: number): AsyncGenerator<Buffer> {
  for (let at = offset; ; ) {
    const piece = await pieceAt(file, path, at);
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

async function pieceAt(file: FileHandle, path: string, at: number): Promise<Buffer> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(path, error);
  }
}
