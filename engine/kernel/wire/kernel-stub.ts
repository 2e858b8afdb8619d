import { setTimeout as sleep } from 'node:timers/promises';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { mayComeBack } from '../../client/retry.ts';
import { engineErrors } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import { openBareStub } from '../../stub/bare/bare-stub.ts';
import type { KernelFacts, Stub, StubDebugger, StubStatus } from '../../stub/stub.ts';
import { bootSeen } from './boot.ts';
import { COMES_BACK, wireErrors } from './errors.ts';
import { wireEnd } from './open.ts';
import type { Way } from './way.ts';

/** After which a target is asked again, ms. */
const ASK_MS = 4000;
/** How often, where the string does not say (`resets=`). */
const RESETS = 2;
/** In a session, with the target halted: a slow line that carries something counts as an answer, ms. */
const SILENCE_MS = 20_000;
/** A target that went is looked for: how long, and how often, ms. */
const AGAIN_FOR_MS = 10 * 60_000;
const RECONNECT_FOR_MS = 24 * 60 * 60_000;
const AGAIN_FIRST_MS = 250;
const AGAIN_LONGEST_MS = 3000;

export interface KernelStubOptions {
  readonly signal: AbortSignal;
  readonly notice?: (text: string) => void;
  /** After which a target that says nothing is asked again, ms. */
  readonly askMs?: number;
  readonly silenceMs?: number;
}

/**
 * The stub in front of a kernel. When its wire ends (the target rebooted, its machine was started anew, the probe was pulled
 * out, the KD connection server was killed and started again) it is opened again until the target answers: the state is `lost`
 * meanwhile, and `up` when it can be debugged again.
 */
export class KernelStub implements Stub {
  readonly kind = 'bare';
  readonly hasProcess = true;
  readonly implicitCommandLine = null;
  readonly attach = 'a kernel is debugged, and not its processes';
  readonly launch = 'a kernel is debugged, and starts its programs itself';
  readonly connection: string;
  #way: Way;
  readonly #options: KernelStubOptions;
  readonly #listeners = new Set<(status: StubStatus) => void>();
  #unfollow: () => void;
  #seeking = false;
  readonly #closed = new AbortController();
  #inner: Stub;
  #wire: string;
  #status: StubStatus = { state: 'up' };

  private constructor(way: Way, options: KernelStubOptions, opened: Opened) {
    this.#way = way;
    this.#options = options;
    this.#inner = opened.stub;
    this.#wire = opened.trans;
    this.connection = way.connection;
    this.#follow(opened.stub);
    this.#unfollow = way.onStatus((status) => this.#wayStatus(status));
  }

  /** @throws HawserError the way there; `WIRE_SILENT`, `WIRE_GARBLED`, `NOT_A_STUB`, `CANCELLED`. The way is closed then. */
  static async open(way: Way, options: KernelStubOptions): Promise<KernelStub> {
    try {
      return new KernelStub(way, options, await openStub(way, options, options.signal));
    } catch (error) {
      await way.close();
      throw error;
    }
  }

  get machineName(): string {
    return this.#inner.machineName;
  }

  get machine(): Machine {
    return this.#inner.machine;
  }

  architecture(): Promise<string> {
    return this.#inner.architecture();
  }

  get kernel(): KernelFacts {
    return { wire: this.#wire, server: this.#way.server };
  }

  get status(): StubStatus {
    return this.#status;
  }

  onStatus(listener: (status: StubStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openDebugger(signal?: AbortSignal): Promise<StubDebugger> {
    const { state } = this.#status;
    if (state === 'ended') throw this.#status.error ?? connectionErrors.serverEnded();
    if (state === 'lost') throw this.#status.error;
    return this.#inner.openDebugger(signal);
  }

  async endServer(): Promise<void> {
    if (!this.#way.endServer)
      throw engineErrors.unsupported(
        'Ending this stub from here',
        'it is in the target or in front of it, and no KD connection server',
      );
    await this.#inner.close();
    await this.#way.endServer();
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#unfollow();
    await this.#inner.close();
    await this.#way.close();
    this.#set({ state: 'ended', error: null });
  }

  #follow(stub: Stub): void {
    stub.onStatus((status) => {
      if (status.state !== 'ended' || stub !== this.#inner || this.#closed.signal.aborted) return;
      // First whoever debugs it hears of it.
      setImmediate(() => void this.#lost(status.error ?? connectionErrors.serverEnded()));
    });
  }

  #wayStatus(status: StubStatus): void {
    if (status.state === 'ended') void this.#lost(status.error ?? connectionErrors.serverEnded());
    else if (this.#inner.status.state === 'up') this.#set(status);
  }

  async #lost(error: HawserError): Promise<void> {
    const { wire } = this.#way;
    if (this.#seeking || this.#closed.signal.aborted) return;
    const cause = this.#wayEnd() ?? error;
    const waits = wire.kind !== 'pipe' || wire.reconnect;
    if (!waits || !COMES_BACK.has(cause.code)) return this.#set({ state: 'ended', error: cause });
    this.#seeking = true;
    await this.#seek(cause, wire.kind === 'pipe' ? RECONNECT_FOR_MS : AGAIN_FOR_MS);
    this.#seeking = false;
  }

  /** Why there is no server any more, where that is not to be changed by asking it anew; null: there is, or it may come back. */
  #wayEnd(): HawserError | null {
    const { status, again } = this.#way;
    if (status.state !== 'ended') return null;
    const error = status.error ?? connectionErrors.serverEnded();
    return again && mayComeBack(error) ? null : error;
  }

  async #seek(error: HawserError, lasts: number): Promise<void> {
    const { signal } = this.#closed;
    // The clock is for people to read: it may be set meanwhile.
    const until = performance.now() + lasts;
    this.#set({ state: 'lost', error, until: Date.now() + lasts });
    for (let pause = AGAIN_FIRST_MS; ; pause = Math.min(pause * 1.5, AGAIN_LONGEST_MS)) {
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#status.state === 'ended') return;
      // While the link may come back by itself, the wire is still lent to it.
      if (this.#way.status.state === 'lost') continue;
      try {
        await this.#renewWay(signal);
        const opened = await openStub(this.#way, { ...this.#options, notice: () => undefined }, signal);
        if (signal.aborted) return void opened.stub.close();
        this.#inner = opened.stub;
        this.#wire = opened.trans;
        this.#follow(opened.stub);
        return this.#set({ state: 'up' });
      } catch (thrown) {
        const end = this.#wayEnd();
        if (end || performance.now() > until)
          return this.#set({ state: 'ended', error: end ?? toHawserError(thrown) });
      }
    }
  }

  /** To a server that was started anew. */
  async #renewWay(signal: AbortSignal): Promise<void> {
    if (this.#way.status.state !== 'ended' || !this.#way.again) return;
    const way = await this.#way.again(signal);
    this.#unfollow();
    this.#way = way;
    this.#unfollow = way.onStatus((status) => this.#wayStatus(status));
    if (signal.aborted) await way.close();
  }

  #set(status: StubStatus): void {
    if (this.#status.state === 'ended') return;
    if (this.#status.state === status.state && status.state === 'up') return;
    this.#status = status;
    for (const listener of [...this.#listeners]) listener(status);
    if (status.state === 'ended') this.#listeners.clear();
  }
}

interface Opened {
  readonly stub: Stub;
  readonly trans: string;
}

async function openStub(way: Way, options: KernelStubOptions, signal: AbortSignal): Promise<Opened> {
  const { notice, askMs = ASK_MS, silenceMs = SILENCE_MS } = options;
  const opened = await way.open(signal);
  const { stream, peer, hint, trans } = opened;
  const resets = way.wire.kind === 'pipe' ? (way.wire.resets ?? RESETS) : RESETS;
  let begun = false;
  const stub = await openBareStub(
    {
      ...opened,
      trouble: {
        silenceMs,
        resets,
        away: () => way.status.state === 'lost',
        waiting: () => notice?.(`No answer from ${peer} yet; breaking in`),
        silent: () =>
          begun
            ? wireErrors.wireSilent(peer, silenceMs / 1000, hint)
            : wireErrors.wireSilent(peer, ((resets + 1) * askMs) / 1000, hint),
        garbled: () => wireErrors.wireGarbled(peer, hint),
        ended: (cause) => wireEnd(peer, cause),
      },
    },
    { signal, connection: way.connection, silenceMs: askMs },
  );
  begun = true;
  stream.on(
    'data',
    bootSeen(() => stream.destroy(wireErrors.targetRebooted(peer))),
  );
  return { stub, trans };
}
