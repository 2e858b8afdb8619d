import type { LinkStatus, Resumer } from '../../../engine/client/resumer.ts';
import type { Session } from '../../../engine/session/index.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { Identity } from '../../../transports/hello/messages.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import type { GuiState } from '../../ipc/contract.ts';
import { afterClose } from './after-close.ts';
import { guiErrors } from './errors.ts';
import { describeTarget, type LocalStart, newSession, startTarget } from './local.ts';
import { type PagePort, SessionRelay } from './relay.ts';
import { connect, type RemoteRequest, withoutPassword } from './remote.ts';
import { noFacts, type SessionFacts } from './watch.ts';

export interface DebuggingObserver {
  stateChanged(state: GuiState): void;
  factsChanged(facts: SessionFacts): void;
  /** There is a link that the page can have a port to. */
  linkChanged(): void;
  info(message: string): void;
  warn(message: string): void;
}

interface Current {
  readonly relay: SessionRelay;
  /** For a local session. */
  readonly session: Session | null;
  /** For a remote one: mends its link. */
  readonly resumer: Resumer | null;
  /** For a remote one: kept as long as its link can be made anew, in memory only. */
  readonly request: RemoteRequest | null;
  readonly connection: string | null;
  readonly title: string;
  readonly attached: boolean;
}

const DORMANT = { mode: 'dormant', notice: null, error: null } as const satisfies GuiState;

/** How long a session that has told its end may take to close the link, milliseconds. */
const END_PATIENCE = 5000;

/** What is debugged in this window: dormant → starting → session → (linkLost →) dormant, and nothing else. */
export class Debugging {
  readonly #identity: Identity;
  readonly #observer: DebuggingObserver;
  #state: GuiState = DORMANT;
  #current: Current | null = null;
  /** What is under way: a connect, a launch, a reconnect. */
  #attempt: AbortController | null = null;
  /** Sessions of ours that are on their way out. */
  readonly #closing = new Set<Promise<void>>();

  constructor(identity: Identity, observer: DebuggingObserver) {
    this.#identity = identity;
    this.#observer = observer;
  }

  get state(): GuiState {
    return this.#state;
  }

  get facts(): SessionFacts {
    return this.#state.mode === 'session' ? (this.#current?.relay.facts ?? noFacts) : noFacts;
  }

  /** What the program does with the target when the window closes. */
  get local(): { readonly attached: boolean } | null {
    return this.#current?.session ? { attached: this.#current.attached } : null;
  }

  attachPort(port: PagePort): boolean {
    if (this.#state.mode !== 'session' || !this.#current) return false;
    this.#current.relay.attachPort(port);
    return true;
  }

  /** @throws HawserError; the state is dormant again then */
  async connectRemote(request: RemoteRequest, backslashes: 'strip' | 'refuse'): Promise<void> {
    this.#mustBeDormant();
    const shown = withoutPassword(request.connection, backslashes);
    await this.#attempting(`Connecting to ${shown}`, async (signal) => {
      this.#enterRemote(await this.#connect(request, signal), request, shown);
    });
  }

  /** @throws HawserError; the state is dormant again then */
  async openLocal(start: LocalStart): Promise<void> {
    this.#mustBeDormant();
    const title = describeTarget(start.target);
    await this.#attempting(`Opening ${title}`, async (signal) => {
      const session = newSession(this.#identity.version, start);
      try {
        let show = () => {};
        const shown = new Promise<void>((resolve) => {
          show = resolve;
        });
        const relay = this.#relay(session.connectLocal(this.#identity), (facts) => {
          if (facts.target && facts.target.kind !== 'none') show();
        });
        // Ours until the page asks for itself: the state of the target decides when there is something to show.
        await relay.request('session/attach', { after: 0, window: 1024 * 1024 });
        await startTarget(session, start, shown, signal);
        const attached = start.target.kind === 'attach';
        this.#enter({ relay, session, resumer: null, request: null, connection: null, title, attached });
      } catch (error) {
        // Not killed: a process that was attached to by then goes on.
        this.#track(session.end());
        throw error;
      }
    });
  }

  cancel(): void {
    this.#attempt?.abort(connectionErrors.cancelled());
  }

  async reconnect(): Promise<void> {
    const lost = this.#state;
    const request = this.#current?.request;
    if (lost.mode !== 'linkLost' || !request) throw guiErrors.noLostLink();
    if (lost.reconnecting) return;
    if (this.#mending) {
      this.#current?.resumer?.retryNow();
      return;
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#setState({ ...lost, reconnecting: true });
    try {
      const resumer = await this.#connect(request, attempt.signal);
      if (attempt.signal.aborted) resumer.link.close();
      else this.#enterRemote(resumer, request, lost.connection);
    } catch (thrown) {
      const error = toHawserError(thrown);
      this.#observer.info(`reconnect: ${error.code}: ${error.message}`);
      // Given up meanwhile: there is nothing to go back to.
      if (this.#state.mode !== 'linkLost') return;
      this.#setState({
        ...lost,
        reconnecting: false,
        error: error.code === 'CANCELLED' ? lost.error : error.toWire(),
      });
      if (error.code !== 'CANCELLED') throw error;
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  giveUp(): void {
    if (this.#state.mode !== 'linkLost') return;
    this.cancel();
    const { relay } = this.#current ?? {};
    this.#goDormant(DORMANT);
    relay?.close();
  }

  /** @throws HawserError when the session refuses; it goes on then */
  async stop(how: 'leave' | 'detach' | 'kill'): Promise<void> {
    const current = this.#current;
    if (this.#state.mode === 'linkLost') return this.giveUp();
    if (this.#state.mode !== 'session' || !current) return;
    if (how === 'leave') {
      if (current.session) throw guiErrors.ownSession();
      return this.#leave(current);
    }
    await current.relay.request('session/end', { target: how });
  }

  breakIn(): void {
    if (this.#state.mode !== 'session') return;
    this.#current?.relay.request('session/breakIn', {}).catch((error: unknown) => this.#complain(error));
  }

  execute(command: string, commandId: string): void {
    if (this.#state.mode !== 'session') return;
    this.#current?.relay
      .request('session/execute', { command, commandId })
      .catch((error: unknown) => this.#complain(error));
  }

  /** Before the program ends: what is ours ends in good order. */
  async shutDown(how: 'detach' | 'kill'): Promise<void> {
    this.cancel();
    const current = this.#current;
    if (current?.session) this.#letGo(current.session, how);
    else if (current && this.#state.mode === 'session') this.#leave(current);
    await Promise.allSettled([...this.#closing]);
  }

  async #attempting(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#setState({ mode: 'starting', what });
    try {
      await work(attempt.signal);
    } catch (thrown) {
      const error = toHawserError(thrown);
      this.#observer.info(`${what}: ${error.code}: ${error.message}`);
      this.#goDormant(DORMANT);
      throw error;
    } finally {
      this.#attempt = null;
    }
  }

  /** For a start that no dialog waits for: dormant, with the error and the connection to try again with. */
  showFailure(error: HawserError, connect?: string): void {
    if (this.#state.mode !== 'dormant') return;
    this.#setState({
      ...DORMANT,
      error: error.code === 'CANCELLED' ? null : error.toWire(),
      ...(connect !== undefined && { connect }),
    });
  }

  /** The link is being mended by itself. */
  get #mending(): boolean {
    return this.#state.mode === 'linkLost' && this.#current?.relay.closed === null;
  }

  async #connect(request: RemoteRequest, signal: AbortSignal): Promise<Resumer> {
    const resumer: Resumer = await connect(
      this.#identity,
      request,
      signal,
      (status) => this.#linkStatus(resumer, status),
      (notice) => this.#notice(notice),
    );
    return resumer;
  }

  /** What is waited for while a connection is made: that a server calls, as a rule. */
  #notice(text: string): void {
    this.#observer.info(text);
    if (this.#state.mode === 'starting') this.#setState({ mode: 'starting', what: text.replace(/\.$/, '') });
  }

  #linkStatus(resumer: Resumer, status: LinkStatus): void {
    const current = this.#current;
    if (current?.resumer !== resumer || current.connection === null) return;
    const { connection, title } = current;
    if (status.state === 'lost') {
      const { error, retryIn } = status;
      const reconnecting = retryIn === 0;
      this.#setState({
        mode: 'linkLost',
        connection,
        error: error.toWire(),
        reconnecting,
        retryIn: reconnecting ? null : retryIn,
      });
    } else {
      this.#observer.info(status.resumed ? 'link resumed' : 'link made anew');
      this.#setState({ mode: 'session', kind: 'remote', connection, title });
    }
    this.#observer.factsChanged(this.facts);
  }

  #enterRemote(resumer: Resumer, request: RemoteRequest, connection: string): void {
    const relay = this.#relay(resumer.link);
    this.#enter({ relay, session: null, resumer, request, connection, title: connection, attached: false });
  }

  #enter(current: Current): void {
    this.#current = current;
    const { session, connection, title } = current;
    this.#observer.info(`session: ${title}`);
    this.#setState({ mode: 'session', kind: session ? 'local' : 'remote', connection, title });
    this.#observer.factsChanged(this.facts);
    this.#observer.linkChanged();
    // It may have ended before it was ours to show: `-c q`.
    if (current.relay.closed) this.#onClosed(current.relay, current.relay.closed.reason);
  }

  #relay(link: MessageLink, onFacts?: (facts: SessionFacts) => void): SessionRelay {
    const relay: SessionRelay = new SessionRelay(link, {
      facts: (facts) => {
        onFacts?.(facts);
        if (facts.ended) setTimeout(() => relay.close(), END_PATIENCE).unref();
        if (this.#current?.relay === relay) this.#observer.factsChanged(this.facts);
      },
      leave: () => {
        if (this.#current?.relay === relay) this.#leave(this.#current);
      },
      closed: (reason) => this.#onClosed(relay, reason),
      warn: (message) => this.#observer.warn(message),
    });
    return relay;
  }

  #onClosed(relay: SessionRelay, reason: HawserError | null): void {
    const current = this.#current;
    if (current?.relay !== relay) return;
    this.#observer.info(`link closed: ${reason ? `${reason.code}: ${reason.message}` : 'in good order'}`);
    if (current.session) this.#letGo(current.session, current.attached ? 'detach' : 'kill');
    const next = afterClose(current.connection, relay.facts, reason);
    if (next.mode === 'linkLost') this.#setState(next);
    else this.#goDormant(next);
    this.#observer.factsChanged(this.facts);
  }

  #leave(current: Current): void {
    const { relay, connection } = current;
    this.#goDormant({ ...DORMANT, notice: `You have left ${connection ?? 'the session'}; it goes on.` });
    const gone = relay.request('session/leave', {}).then(
      () => relay.close(),
      () => relay.close(),
    );
    const patience = new Promise<void>((done) => setTimeout(done, 1000));
    this.#track(Promise.race([gone, patience]).then(() => relay.close()));
  }

  #letGo(session: Session, how: 'detach' | 'kill'): void {
    this.#track(session.end(how));
  }

  #track(end: Promise<void>): void {
    const settled = end
      .catch((error: unknown) => this.#complain(error))
      .finally(() => this.#closing.delete(settled));
    this.#closing.add(settled);
  }

  #goDormant(state: GuiState): void {
    this.#current = null;
    this.#setState(state);
    this.#observer.factsChanged(this.facts);
  }

  #setState(state: GuiState): void {
    this.#state = state;
    this.#observer.stateChanged(state);
  }

  #mustBeDormant(): void {
    if (this.#state.mode !== 'dormant') throw guiErrors.notDormant();
  }

  #complain(thrown: unknown): void {
    const error = toHawserError(thrown);
    this.#observer.warn(`${error.code}: ${error.message}`);
  }
}
