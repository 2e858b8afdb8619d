import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { HawserError } from '../../transports/errors/error.ts';
import type { Kind } from './cache.ts';
import { imageErrors } from './errors.ts';
import type { SymbolServer } from './symbol-path.ts';

/** A file that a server is asked for. */
export interface ServerRequest {
  readonly buildId: string;
  readonly kind: Kind;
  /** Base name of the image; symbol servers of WinDbg's kind have it in their paths. */
  readonly name: string;
  /** Most bytes that are taken. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** What a server sends. */
export interface ServerFile {
  readonly body: Readable;
  /** Bytes; null: it did not say. */
  readonly total: number | null;
  /** Most bytes that are to be taken of it. */
  readonly limit: number;
  /** To be called as bytes come. */
  alive(): void;
}

export type Taker<T> = (file: ServerFile) => Promise<T>;

/** As debuginfod's own client has them. */
const SILENCE_S = 90;
const MAX_REDIRECTS = 5;

/** A server that failed is not asked again for each of two hundred libraries; one that lacks a file may have it later. */
const DOWN_MS = 5 * 60 * 1000;
const MISSING_MS = 10 * 60 * 1000;

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** debuginfod servers, and others that know files by build id, asked over http. One request asks for one file. */
export class SymbolServers {
  readonly #silence: number;
  readonly #maxTime: number;
  readonly #maxSize: number;
  readonly #down = new Map<string, number>();
  readonly #missing = new Map<string, number>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#silence = count(env.DEBUGINFOD_TIMEOUT, SILENCE_S) * 1000;
    this.#maxTime = count(env.DEBUGINFOD_MAXTIME, 0) * 1000;
    this.#maxSize = count(env.DEBUGINFOD_MAXSIZE, 0);
  }

  /**
   * Null: the server lacks the file, or failed a while ago.
   * @throws HawserError `DEBUGINFOD_FAILED`, `FILE_TOO_LARGE`, and what `take` rejects with
   */
  async ask<T>(server: SymbolServer, request: ServerRequest, take: Taker<T>): Promise<T | null> {
    const url = addressOf(server, request);
    const now = Date.now();
    if ((this.#down.get(server.url) ?? 0) > now || (this.#missing.get(url) ?? 0) > now) return null;
    const watch = new Watch(request.signal, this.#silence, this.#maxTime);
    try {
      const taken = await this.#get(server, url, request, watch, take);
      if (taken === null) this.#missing.set(url, now + MISSING_MS);
      return taken;
    } catch (error) {
      if (request.signal.aborted) throw error;
      if (error instanceof HawserError) {
        // The same would come again.
        if (error.code.startsWith('FILE_')) this.#missing.set(url, now + MISSING_MS);
        throw error;
      }
      this.#down.set(server.url, now + DOWN_MS);
      throw imageErrors.debuginfodFailed(server.url, watch.tired ?? why(error));
    } finally {
      watch.stop();
    }
  }

  async #get<T>(
    server: SymbolServer,
    url: string,
    request: ServerRequest,
    watch: Watch,
    take: Taker<T>,
  ): Promise<T | null> {
    const limit = this.#maxSize > 0 ? Math.min(this.#maxSize, request.limit) : request.limit;
    const headers: Record<string, string> = { 'user-agent': 'hawser', 'x-debuginfod-maxsize': `${limit}` };
    const response = await follow(url, headers, server.authorization, watch.signal);
    const { status, body } = response;
    if (status !== 200 || !body) {
      await body?.cancel();
      if (status === 404 || status === 410) return null;
      if (status === 406 || status === 413) throw imageErrors.fileTooLarge(request.name, 0, limit);
      throw new Refusal(`it answered ${status}`);
    }
    const total = sizeOf(response);
    if (total !== null && total > limit) {
      await body.cancel();
      throw imageErrors.fileTooLarge(request.name, total, limit);
    }
    const stream = Readable.fromWeb(body as ReadableStream<Uint8Array>);
    // It may fail before it is read: the reader sees that then.
    stream.on('error', () => {});
    return take({ body: stream, total, limit, alive: () => watch.alive() });
  }
}

/** What a server says instead of a file. */
class Refusal extends Error {}

/** Ends a request when nothing comes for a while, or when it takes too long altogether. Zero: never. */
class Watch {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #silence: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #end: NodeJS.Timeout | undefined;
  /** Why it was ended. */
  tired: string | null = null;

  constructor(signal: AbortSignal, silence: number, maxTime: number) {
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
    this.#silence = silence;
    if (maxTime > 0)
      this.#end = setTimeout(() => this.#stop(`it took longer than ${maxTime / 1000} seconds`), maxTime);
    this.alive();
  }

  alive(): void {
    clearTimeout(this.#timer);
    if (this.#silence <= 0 || this.tired !== null) return;
    const text = `nothing came from it for ${this.#silence / 1000} seconds`;
    this.#timer = setTimeout(() => this.#stop(text), this.#silence);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#end);
  }

  #stop(text: string): void {
    this.tired = text;
    this.#controller.abort();
  }
}

/** Follows redirections by hand: to http and https only, never from https to http, and the password stays with its server. */
async function follow(
  start: string,
  headers: Record<string, string>,
  authorization: string | null,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(start);
  const { origin } = url;
  for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
    const own = authorization !== null && url.origin === origin ? { authorization } : {};
    const response = await fetch(url, { headers: { ...headers, ...own }, redirect: 'manual', signal });
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(to, url.href)) throw new Refusal('it redirects to what is no address');
    const next = new URL(to, url);
    if (next.protocol !== 'https:' && (next.protocol !== 'http:' || url.protocol === 'https:'))
      throw new Refusal(`it redirects to ${next.protocol}, which is not followed`);
    url = next;
  }
  throw new Refusal('it redirects without end');
}

function addressOf({ kind, url }: SymbolServer, { buildId, kind: file, name }: ServerRequest): string {
  if (kind === 'debuginfod') return `${url}buildid/${buildId}/${file}`;
  if (file === 'debuginfo') return `${url}_.debug/elf-buildid-sym-${buildId}/_.debug`;
  const base = encodeURIComponent(name.toLowerCase());
  return `${url}${base}/elf-buildid-${buildId}/${base}`;
}

/** Bytes of the file; those on the wire are fewer where they are compressed. */
function sizeOf({ headers }: Response): number | null {
  const encoded = headers.get('content-encoding');
  const length = headers.get('x-debuginfod-size') ?? (encoded ? null : headers.get('content-length'));
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

function why(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return CAUSES[cause.code ?? ''] ?? cause.message ?? String(error);
}

/** A number of the environment; what is none counts as not set. */
function count(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^-?\d{1,15}$/.test(text.trim()) ? Math.max(0, Number(text)) : otherwise;
}
