import { HawserError } from '../../transports/errors/error.ts';

const CACHE_CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'something on its path is no folder',
  EMFILE: 'too many files are open',
  EIO: 'the disk has a fault',
};

/** Codes of the system that say that there is no room. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The closed set of errors of finding and fetching images: one factory each. */
export const imageErrors = {
  fetchCancelled: (what: string) =>
    new HawserError('FETCH_CANCELLED', `Fetching ${what} was cancelled.`, '.reload asks for it again.', {
      what,
    }),
  fileMismatch: (what: string, place: string, why: string) =>
    new HawserError(
      'FILE_MISMATCH',
      `What ${place} sent is not ${what}: ${why}.`,
      'Put the right file into a folder of the symbol path (.sympath+), or .reload to ask again.',
      { what, place },
    ),
  fileIncomplete: (what: string, place: string, got: number, size: number) =>
    new HawserError(
      'FILE_INCOMPLETE',
      `${place} sent ${got} of the ${size} bytes of ${what}.`,
      'It may have been changed there meanwhile: .reload asks again.',
      { what, place, got, size },
    ),
  fileTooLarge: (what: string, size: number, limit: number) =>
    new HawserError(
      'FILE_TOO_LARGE',
      `${what} is too large to be fetched: ${size} bytes of at most ${limit}.`,
      'Copy it into a folder of the symbol path (.sympath+).',
      { what, size, limit },
    ),
  cacheFull: (folder: string, cause?: unknown) =>
    new HawserError(
      'CACHE_FULL',
      `There is no room for fetched files in '${folder}'.`,
      'Make room there, or name a folder of another disk in XDG_CACHE_HOME.',
      { folder },
      { cause },
    ),
  cacheUnusable: (folder: string, why: string, cause?: unknown) =>
    new HawserError(
      'CACHE_UNUSABLE',
      `Fetched files cannot be kept in '${folder}': ${why}.`,
      'Put that right, or name another folder in XDG_CACHE_HOME.',
      { folder },
      { cause },
    ),
  debuginfodFailed: (server: string, why: string) =>
    new HawserError(
      'DEBUGINFOD_FAILED',
      `${server} could not be asked for symbols: ${why}.`,
      'Check DEBUGINFOD_URLS and the symbol path (.sympath); .reload asks again after a while.',
      { server },
    ),
} as const;

/** What the system said of a file of the cache. */
export function cacheError(folder: string, error: unknown): HawserError {
  if (error instanceof HawserError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (FULL.has(code)) return imageErrors.cacheFull(folder, error);
  return imageErrors.cacheUnusable(folder, CACHE_CAUSES[code] ?? message, error);
}
