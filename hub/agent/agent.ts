import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import { HubConnection, type HubLinkState } from '../client/hub-connection.ts';
import type { HostKeys } from '../client/keys.ts';
import { EntrySealer, OrderOpener } from '../client/seal.ts';
import type { Sealed } from '../protocol/hub.ts';
import { Control } from './control.ts';
import type { HandOver } from './hand-over.ts';
import { type Ending, HostedDebugger } from './hosted-debugger.ts';
import type { AgentLog } from './log.ts';
import { Outbox } from './outbox.ts';
import { Recorder } from './recorder.ts';
import type { AgentFacts } from './registry.ts';

export interface AgentOptions {
  readonly hand: HandOver;
  readonly keys: HostKeys;
  /** Of this agent's own: what waits for the hub. */
  readonly folder: string;
  readonly log: AgentLog;
}

/** How long the end of a session is told to a hub that answers but does not take it. */
const TELL_AGAIN_MS = 5000;

/**
 * Runs the debugger of one hosted session, from its start to the moment when the hub has all of it and knows how it ended. The
 * hub may be away for as long as it likes.
 */
export class HostedAgent {
  readonly #options: AgentOptions;
  readonly #since = Date.now();
  readonly #connection: HubConnection;
  readonly #orders: OrderOpener;
  readonly #outbox: Outbox;
  readonly #recorder: Recorder;
  readonly #over: Promise<void>;
  #setOver: () => void = () => {};
  #debugger: HostedDebugger | null = null;
  #control: Control | null = null;
  #given = false;
  #wake: () => void = () => {};

  private constructor(options: AgentOptions) {
    const { hand, keys, log } = options;
    this.#options = options;
    this.#over = new Promise((resolve) => {
      this.#setOver = resolve;
    });
    this.#orders = new OrderOpener(hand.session, keys);
    this.#connection = HubConnection.keep({
      address: hand.hub,
      fingerprint: hand.fingerprint,
      program: hand.program,
      token: hand.token,
      takeOrder: ({ sealed }) => this.#order(sealed),
    });
    this.#outbox = new Outbox({
      connection: this.#connection,
      sealer: new EntrySealer(hand.session, keys),
      limit: hand.spool,
      folder: options.folder,
      full: (full) => (full ? this.#debugger?.pause() : this.#debugger?.resume()),
      refused: (error) => this.#refused(error),
      log: (text) => log.write(text),
    });
    this.#recorder = new Recorder((bytes) =>
      this.#outbox.add({ type: 'output', data: bytes.toString('base64') }),
    );
  }

  /** @throws HawserError `DEBUGGER_UNUSABLE` */
  static async start(options: AgentOptions): Promise<HostedAgent> {
    const agent = new HostedAgent(options);
    try {
      await agent.#start();
      return agent;
    } catch (error) {
      await agent.#close();
      throw toHawserError(error);
    }
  }

  /** Resolves when there is nothing left to do. */
  get over(): Promise<void> {
    return this.#over;
  }

  /**
   * Ends the debugger, and with it the session, by 'agent'.
   * @param now what the hub does not have is given up
   */
  async stop(detail: string, now: boolean): Promise<void> {
    this.#debugger?.leave({ by: 'agent', detail });
    if (now) this.#giveUp();
    await this.#over;
  }

  async #start(): Promise<void> {
    const { hand } = this.#options;
    this.#outbox.add({ type: 'notice', text: `Hosted session started: ${hand.debugger.shown}` });
    this.#debugger = await HostedDebugger.start({
      debugger: hand.debugger,
      folder: hand.folder,
      output: (bytes) => this.#recorder.add(bytes),
      command: (text) => {
        this.#recorder.flush();
        this.#outbox.add({ type: 'command', text });
      },
      ending: ({ by, detail }) => this.#options.log.write(`ending: ${by} ${detail}`),
      ended: (ending) => void this.#ended(ending),
    });
    this.#connection.onState((state) => this.#linkState(state));
    this.#connection.on('agent/terminate', (ending) => this.#debugger?.leave(ending));
    this.#control = await Control.open({
      hub: hand.hub,
      session: hand.session,
      facts: () => this.#facts(),
      stop: (now) => this.stop('stop', now),
    });
    this.#linkState(this.#connection.state);
  }

  #order(sealed: Sealed): void {
    try {
      const order = this.#orders.open(sealed);
      if (order.type === 'input') this.#debugger?.input(order.text);
      else if (order.type === 'break') this.#debugger?.interrupt();
      else this.#debugger?.input('\x02');
    } catch (error) {
      this.#options.log.write(`an order was refused: ${toHawserError(error).message}`);
      throw error;
    }
  }

  #linkState(state: HubLinkState): void {
    const { log } = this.#options;
    if (state.state === 'lost') {
      if (state.retryIn < 1000) log.write(`the hub is away: ${state.error.code} ${state.error.message}`);
    } else if (state.state === 'up') {
      if (state.refused) this.#refused(state.refused);
      else log.write('the hub is there');
      this.#wake();
      const { signedIn } = state;
      if (signedIn?.kind !== 'agent' || signedIn.session.state === 'open') return;
      // It was terminated while we were away.
      const { by, detail } = signedIn.session.end ?? { by: 'menu', detail: '' };
      this.#debugger?.leave({ by, detail });
    }
  }

  /** Nothing is taken from us any more: the session is gone, or somebody else's. */
  #refused(error: HawserError): void {
    this.#options.log.write(`the hub takes no more: ${error.code} ${error.message}`);
    this.#debugger?.leave({ by: 'agent', detail: error.code });
    // There is room for no more, but the end is told.
    if (error.code !== 'HISTORY_FULL') this.#giveUp();
  }

  async #ended({ by, detail }: Ending): Promise<void> {
    this.#recorder.flush();
    this.#outbox.add({ type: 'notice', text: `Session terminated: ${wordsOf(by, detail)}` });
    this.#options.log.write(`ended: ${by} ${detail}; ${this.#outbox.waiting.bytes} bytes to deliver`);
    await this.#outbox.delivered();
    const last = this.#outbox.acknowledged;
    while (!this.#given) {
      try {
        await this.#connection.request('agent/ended', { by, detail, last });
        break;
      } catch (error) {
        const { code, message } = toHawserError(error);
        this.#options.log.write(`the end was not told: ${code} ${message}`);
        if (code === 'SESSION_TERMINATED' || code === 'SESSION_NOT_FOUND') break;
        await this.#pause(TELL_AGAIN_MS);
      }
    }
    await this.#close();
  }

  #giveUp(): void {
    if (this.#given) return;
    this.#given = true;
    this.#options.log.write(`given up: ${this.#outbox.waiting.entries} entries are not delivered`);
    this.#wake();
    this.#connection.close();
    void this.#outbox.dispose();
  }

  async #close(): Promise<void> {
    this.#connection.close();
    await this.#outbox.dispose();
    await this.#control?.close();
    this.#setOver();
  }

  #facts(): AgentFacts {
    const { hand } = this.#options;
    const pid = this.#debugger?.pid ?? null;
    return {
      session: hand.session,
      name: hand.name,
      hub: hand.hub,
      pid: process.pid,
      debugger: pid,
      command: hand.debugger.shown,
      since: this.#since,
      state: pid === null ? 'delivering' : this.#debugger?.ending ? 'ending' : 'running',
      link: this.#connection.state.state === 'up' ? 'up' : 'lost',
      waiting: this.#outbox.waiting,
    };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function wordsOf(by: Ending['by'], detail: string): string {
  switch (by) {
    case 'menu':
      return 'by the host.';
    case 'administrator':
      return 'by the administrator of the hub.';
    case 'command':
      return `${detail}.`;
    case 'debugger':
      return `the debugger ended (${detail}).`;
    case 'agent':
      return `its agent was stopped (${detail}).`;
  }
}
