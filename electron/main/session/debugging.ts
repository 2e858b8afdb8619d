import type { LinkStatus, Resumer } from '../../../engine/client/resumer.ts';
import { throughStub } from '../../../engine/commands/systems/through-stub.ts';
import type { Session } from '../../../engine/session/index.ts';
import { stubErrors } from '../../../engine/stub/errors.ts';
import type { Stub } from '../../../engine/stub/stub.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { Identity } from '../../../transports/hello/messages.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import type { ConnectTo, Ending, GuiState } from '../../ipc/contract.ts';
import { afterClose } from './after-close.ts';
import { Closing } from './closing.ts';
import { commandLineOf, remoteCommandLine } from './command-line.ts';
import type {
  Current,
  DebuggingObserver,
  Happened,
  ReachStub,
  StubStart,
  WantedTarget,
} from './debugging-types.ts';
import { Endings } from './endings.ts';
import { guiErrors } from './errors.ts';
import { describeTarget, type LocalStart, newSession, startTarget } from './local.ts';
import { type PagePort, SessionRelay } from './relay.ts';
import { connect, type RemoteRequest, reachStub, wireWithoutPassword, withoutPassword } from './remote.ts';
import { defaultStart } from './start-request.ts';
import { StubConnection } from './stub-connection.ts';
import { noFacts, type SessionFacts } from './watch.ts';

/**
 * What is debugged in this window: dormant → starting → session → (linkLost →) dormant, and with a stub
 * dormant → starting → stub → starting → session → stub … → dormant. Nothing else.
 */
export class Debugging {
  readonly #identity: Identity;
  readonly #observer: DebuggingObserver;
  readonly #reachStub: ReachStub;
  readonly #endings = new Endings();
  #state: GuiState = { mode: 'dormant', notice: null, error: null, ending: null };
  #current: Current | null = null;
  #secure = false;
  /** The stub that the window is connected to. */
  #stub: StubConnection | null = null;
  /** What is under way: a connect, a launch, a reconnect. */
  #attempt: AbortController | null = null;
  /** Those that have, or had, a target. */
  readonly #shown = new WeakSet<SessionRelay>();
  /** Sessions of ours that are on their way out. */
  readonly #closing = new Closing((error) => this.#complain(error));

  constructor(identity: Identity, observer: DebuggingObserver, reach: ReachStub = reachStub) {
    this.#identity = identity;
    this.#observer = observer;
    this.#reachStub = reach;
  }

  get state(): GuiState {
    return this.#state;
  }

  /** Secure mode: until this program ends. */
  get secure(): boolean {
    return this.#secure || this.#current?.session?.secure === true;
  }

  /** Before anything is debugged. */
  makeSecure(): void {
    this.#secure = true;
  }

  get facts(): SessionFacts {
    return this.#state.mode === 'session' ? (this.#current?.relay.facts ?? noFacts) : noFacts;
  }

  /** What the program does with the target when the window closes. `ending`: decided already. */
  get local(): {
    readonly attached: boolean;
    readonly through: string | null;
    readonly ending: Ending | null;
  } | null {
    if (!this.#current?.session) return null;
    if (this.#gone) return { attached: false, through: null, ending: this.#ending };
    const { attached, stub } = this.#current;
    return { attached, through: stub?.stub.machineName ?? null, ending: this.#ending };
  }

  /** The stub that the window is connected to. */
  get stub(): StubConnection | null {
    return this.#stub;
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

  /**
   * Connects to a stub; one that has a process already goes straight into a session.
   * @throws HawserError; the state is dormant again then
   */
  async connectStub(
    request: RemoteRequest,
    backslashes: 'strip' | 'refuse',
    { chosen = false, kernel = false, image, ...start }: StubStart = { options: defaultStart },
  ): Promise<void> {
    this.#mustBeDormant();
    const shown = (kernel ? wireWithoutPassword : withoutPassword)(request.connection, backslashes);
    await this.#attempting(`Connecting to ${shown}`, async (signal) => {
      const options = { request, kernel, signal, backslashes, notice: (text: string) => this.#notice(text) };
      const stub = await this.#reachStub(this.#identity, options);
      if (signal.aborted || (stub.hasProcess && chosen)) {
        this.#closing.track(stub.close());
        throw signal.aborted ? connectionErrors.cancelled() : stubErrors.stubHasProcess(shown);
      }
      this.#hold(stub);
      this.#observer.info(`stub: ${stub.connection}`);
      const target = { kind: 'stub', stub, ...(image !== undefined && { image }) } as const;
      if (stub.hasProcess) await this.#open({ ...start, target }, signal);
      else this.#rest();
    });
  }

  /**
   * On this machine, or on that of the stub.
   * @throws HawserError; the state is as before then
   */
  async openTarget(wanted: WantedTarget, start: Omit<LocalStart, 'target'>): Promise<void> {
    if (wanted.kind === 'core' || !this.#stub) this.#mustBeDormant();
    else if (this.#state.mode !== 'stub') throw guiErrors.notDormant();
    const target = wanted.kind === 'core' || !this.#stub ? wanted : throughStub(wanted, this.#stub.stub);
    const where = this.#stub ? ` on ${this.#stub.stub.machineName}` : '';
    await this.#attempting(`Opening ${describeTarget(target)}${where}`, (signal) =>
      this.#open({ ...start, target }, signal),
    );
  }

  /** Leaves the stub; what is debugged through it is let go. */
  disconnect(): void {
    const { mode } = this.#state;
    const stub = this.#stub;
    if (!stub || (mode !== 'stub' && mode !== 'session')) return;
    const current = this.#current;
    if (current?.session) {
      this.#current = null;
      this.#letGo(current.session, 'detach');
    }
    this.#drop();
    this.#rest({ notice: `Disconnected from ${stub.stub.connection}.` });
    current?.relay.close();
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
    this.#rest();
    relay?.close();
  }

  /**
   * @param remember later targets that are reached in the same way end so without a question
   * @throws HawserError when the session refuses; it goes on then
   */
  async stop(how: 'leave' | Ending, remember = false): Promise<void> {
    const current = this.#current;
    if (this.#state.mode === 'linkLost') return this.giveUp();
    if (this.#state.mode !== 'session' || !current) return;
    if (how === 'leave') {
      if (current.session) throw guiErrors.ownSession();
      return this.#leave(current);
    }
    if (remember && current.session) this.#endings.remember(this.#connectionKey, how);
    await current.relay.request('session/end', { target: how });
  }

  /** What Stop Debugging is to do without asking: it was told, or there is nothing to ask about. */
  get endsBy(): Ending | null {
    if (this.#state.mode !== 'session' || this.#state.kind !== 'local') return null;
    if (this.#gone && this.facts.clients.length <= 1) return 'detach';
    return this.#ending;
  }

  /** The session had a target, and has none any more. */
  get #gone(): boolean {
    const none = this.facts.target?.kind === 'none';
    return none && this.#current !== null && this.#shown.has(this.#current.relay);
  }

  /** Stop Debugging asks again. */
  askEnding(): void {
    this.#endings.forget(this.#connectionKey);
    const state = this.#state;
    if ('ending' in state) this.#setState({ ...state, ending: null });
  }

  breakIn(): void {
    if (this.#state.mode !== 'session') return;
    this.#current?.relay.request('session/breakIn', {}).catch((error: unknown) => this.#complain(error));
  }

  /** Settles when it has finished, however. */
  async execute(command: string, commandId: string): Promise<void> {
    if (this.#state.mode !== 'session') return;
    await this.#current?.relay
      .request('session/execute', { command, commandId })
      .catch((error: unknown) => this.#complain(error));
  }

  /** Before the program ends: what is ours ends in good order. */
  async shutDown(how: 'detach' | 'kill'): Promise<void> {
    this.cancel();
    const current = this.#current;
    if (current?.session) this.#letGo(current.session, how);
    else if (current && this.#state.mode === 'session') this.#leave(current);
    await this.#closing.all();
    // After the sessions: they let their targets go through it.
    await this.#stub?.close();
  }

  async #attempting(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#setState({ mode: 'starting', what, stub: this.#stub?.facts ?? null });
    try {
      await work(attempt.signal);
    } catch (thrown) {
      const error = toHawserError(thrown);
      this.#observer.info(`${what}: ${error.code}: ${error.message}`);
      this.#rest();
      throw error;
    } finally {
      this.#attempt = null;
    }
  }

  /** For a start that no dialog waits for: the error, and the connection to try again with. */
  showFailure(error: HawserError, connect?: { readonly to: ConnectTo; readonly text: string }): void {
    const state = this.#state;
    const wire = error.code === 'CANCELLED' ? null : error.toWire();
    if (state.mode === 'stub') this.#setState({ ...state, error: wire });
    if (state.mode === 'dormant') this.#setState({ ...state, error: wire, ...(connect && { connect }) });
  }

  async #open(start: LocalStart, signal: AbortSignal): Promise<void> {
    const { target } = start;
    const title = describeTarget(target);
    const session = newSession(this.#identity.version, {
      ...start,
      secure: this.secure,
      // No fact of the session's, but the menus and the hosted sessions' windows go by it.
      secureBegan: () => this.#observer.factsChanged(this.facts),
    });
    try {
      let show = () => {};
      const shown = new Promise<void>((resolve) => {
        show = resolve;
      });
      const relay: SessionRelay = this.#relay(session.connectLocal(this.#identity), (facts) => {
        if (!facts.target || facts.target.kind === 'none') return;
        this.#shown.add(relay);
        show();
      });
      // Ours until the page asks for itself: the state of the target decides when there is something to show.
      await relay.request('session/attach', { after: 0, window: 1024 * 1024 });
      await startTarget(session, start, shown, signal);
      const attached = target.kind === 'attach' || target.kind === 'stub';
      const stub = this.#stub;
      const commandLine = commandLineOf(target);
      const none = { resumer: null, request: null, connection: null };
      this.#enter({ relay, session, ...none, title, commandLine, attached, stub });
    } catch (error) {
      // Not killed: a process that was attached to by then goes on.
      this.#closing.track(session.end());
      throw error;
    }
  }

  #hold(stub: Stub): void {
    const held = new StubConnection(stub, () => {
      if (this.#stub === held) this.#stubChanged(held);
    });
    this.#stub = held;
  }

  #stubChanged(stub: StubConnection): void {
    const { ended, facts } = stub;
    const state = this.#state;
    this.#observer.info(`stub ${ended ? 'ended' : facts.link.state}: ${ended?.error?.code ?? ''}`);
    // A session through it hears of its end by itself, and stays readable.
    if (ended && state.mode === 'stub') this.#rest({ notice: state.notice });
    else if (state.mode === 'stub') this.#setState({ ...state, stub: facts });
    else if ((state.mode === 'session' || state.mode === 'starting') && state.stub)
      this.#setState({ ...state, stub: facts });
  }

  /** The window has no stub any more. Sessions on their way out let their targets go through it, where it is reached. */
  #drop(): void {
    const stub = this.#stub;
    this.#stub = null;
    if (!stub) return;
    const reached = stub.facts.link.state === 'up' && !stub.ended;
    const before = reached ? this.#closing.all() : Promise.resolve();
    this.#closing.track(before.then(() => stub.close()));
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
    const state = this.#state;
    if (state.mode === 'starting') this.#setState({ ...state, what: text.replace(/\.$/, '') });
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
      this.#setState({ mode: 'session', kind: 'remote', connection, title, stub: null, ending: null });
    }
    this.#observer.factsChanged(this.facts);
  }

  #enterRemote(resumer: Resumer, request: RemoteRequest, connection: string): void {
    const relay = this.#relay(resumer.link);
    const none = { session: null, stub: null, attached: false };
    const commandLine = remoteCommandLine(connection);
    this.#enter({ relay, ...none, resumer, request, connection, title: connection, commandLine });
  }

  #enter(current: Current): void {
    this.#current = current;
    const { session, connection, title, commandLine } = current;
    this.#observer.info(`session: ${title}`);
    const kind = session ? 'local' : 'remote';
    const [stub, ending] = session ? [this.#stub?.facts ?? null, this.#ending] : [null, null];
    this.#setState({ mode: 'session', kind, connection, title, stub, ending, commandLine });
    this.#observer.factsChanged(this.facts);
    this.#observer.linkChanged();
    // It may have ended before it was ours to show: `-c q`.
    if (current.relay.closed) this.#onClosed(current.relay, current.relay.closed.reason);
  }

  #relay(link: MessageLink, onFacts?: (facts: SessionFacts) => void): SessionRelay {
    const relay: SessionRelay = new SessionRelay(link, {
      facts: (facts) => {
        onFacts?.(facts);
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
    else this.#rest(next);
    this.#observer.factsChanged(this.facts);
  }

  #leave(current: Current): void {
    const { relay, connection } = current;
    this.#rest({ notice: `You have left ${connection ?? 'the session'}; it goes on.` });
    this.#closing.track(relay.leave());
  }

  #letGo(session: Session, how: 'detach' | 'kill'): void {
    this.#secure ||= session.secure;
    this.#closing.track(session.end(how));
  }

  /** Nothing is debugged: dormant, or the stub's page where there is one that offers more. */
  #rest({ notice = null, error = null }: Happened = {}): void {
    this.#current = null;
    const end = this.#stub?.ended;
    if (this.#stub && (end || !this.#stub.offersMore)) this.#drop();
    const happened = { notice, error: error ?? end?.error?.toWire() ?? null, ending: this.#ending };
    if (this.#stub) this.#setState({ mode: 'stub', stub: this.#stub.facts, ...happened });
    else this.#setState({ mode: 'dormant', ...happened });
    this.#observer.factsChanged(this.facts);
  }

  get #connectionKey(): string | null {
    return this.#stub?.stub.connection ?? null;
  }

  get #ending(): Ending | null {
    return this.#endings.of(this.#connectionKey);
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
