import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';

import { memoryMessagePair } from '../../transports/memory-link.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import type { CreateBackend } from '../backend/backend.ts';
import { transcriptOf } from '../client/transcript.ts';
import { createDebugger } from '../commands/debugger.ts';
import type {
  Caller,
  CommandHost,
  CommandOutcome,
  DebuggerLanguage,
  StartOptions,
  TargetEnd,
  TargetSpec,
} from '../commands/host.ts';
import { withoutPassword } from '../commands/without-password.ts';
import { engineErrors } from '../errors.ts';
import { DEFAULT_LIMITS, EventLog, type EventLogLimits } from '../log/event-log.ts';
import type {
  AttachParams,
  AttachResult,
  ClientInfo,
  ExecuteResult,
  ServerInfo,
  SessionEndReason,
  SessionEvent,
  TargetState,
} from '../protocol/session.ts';
import type { ViewQuery, ViewsResult } from '../protocol/views.ts';
import { connectStub } from '../stub/connect.ts';
import type { Client, RequestHandlers } from './client.ts';
import { CommandQueue } from './command-queue.ts';
import { DebugServer } from './debug-server.ts';
import { OutputGatherer } from './output.ts';
import { Roster } from './roster.ts';

export interface SessionOptions {
  readonly version: string;
  /** `stub`: through which its target is reached; null: on this machine. */
  readonly createBackend: CreateBackend;
  /** `-clines`: a client that joins gets the log from so many commands back; all of it when left out. */
  readonly historyCommands?: number | undefined;
  readonly log?: EventLogLimits;
  /** How long a client whose link was lost may come back, milliseconds; 0: not at all. */
  readonly resumeWindow?: number | undefined;
  /** `-secure`: what would touch this machine is refused to everybody. */
  readonly secure?: boolean | undefined;
  /** Told when `.secure 1` turns it on. */
  readonly secureBegan?: (() => void) | undefined;
}

export interface Identity {
  readonly host: string;
  readonly user: string;
}

/** How long a command may work before fronts are told that the session is busy, milliseconds. */
const BUSY_AFTER = 30;

/**
 * One debugging engine with its targets, shared by everyone connected to it. It owns the engine, the queue
 * of commands, the log of events, the servers and the clients; whoever made it ends it.
 */
export class Session {
  readonly id = randomUUID();
  readonly #options: SessionOptions;
  readonly #log: EventLog;
  readonly #queue = new CommandQueue();
  readonly #output = new OutputGatherer((event) => this.#append(event));
  readonly #language: DebuggerLanguage;
  readonly #roster: Roster;
  readonly #servers = new Map<number, DebugServer>();
  readonly #endedListeners: ((reason: SessionEndReason) => void)[] = [];
  /** Numbers of the `command` events, for `-clines`. */
  #commandNumbers: number[] = [];
  #lastServerId = -1;
  #pumpScheduled = false;
  #stateTimer: NodeJS.Timeout | null = null;
  #lastState = '';
  /** A command is at work, as fronts are told; ends before the queue's job does. */
  #working = false;
  #ending: TargetEnd | null = null;
  #ended: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#log = new EventLog(options.log ?? DEFAULT_LIMITS);
    const host = { log: this.#log, handlers: this.#handlers };
    this.#roster = new Roster(host, (event) => this.#emit(event), options.resumeWindow);
    this.#language = createDebugger(this.#host(), options.createBackend, { secure: options.secure });
  }

  get state(): TargetState {
    const own = this.#language.state;
    const busy = own.run !== 'running' && this.#working;
    const run = busy ? 'busy' : own.run;
    return {
      ...own,
      run,
      prompt: run === 'busy' || run === 'running' ? '*BUSY* ' : own.prompt,
      queued: this.#queue.waiting,
    };
  }

  /** Whether secure mode is on: by its option, or `.secure 1`. */
  get secure(): boolean {
    return this.#language.secure;
  }

  get clients(): readonly ClientInfo[] {
    return this.#roster.infos;
  }

  get servers(): readonly ServerInfo[] {
    return [...this.#servers.values()].map((server) => server.info);
  }

  /** Opens the target. @throws HawserError when it cannot be opened; the session ends then. */
  async start(target: TargetSpec, options: StartOptions): Promise<void> {
    await this.#enqueue(async () => {
      try {
        await this.#language.start(target, options);
      } catch (error) {
        // What waits was meant for the target; it must not run without.
        void this.end();
        throw error;
      }
    });
  }

  /** A front in this process: the same protocol, in memory. It is the session's owner. */
  connectLocal(identity: Identity): MessageLink {
    const [front, back] = memoryMessagePair();
    const { host, user } = identity;
    this.#roster.welcome(back, { host, user, via: 'local', role: 'owner', serverId: null });
    return front;
  }

  /** A line for everybody, from the session itself. */
  announce(text: string): void {
    this.#output.write('normal', text);
  }

  /** @param notice also gets what is said of the server, warnings above all, for a front that shows no output */
  async startServer(
    connection: string,
    password?: string,
    notice?: (text: string) => void,
  ): Promise<ServerInfo> {
    for (const [id, old] of this.#servers) if (old.info.state === 'ending') this.#servers.delete(id);
    const id = ++this.#lastServerId;
    const server = await DebugServer.start(id, connection, password, this.#options.version, {
      accept: (link, { client: { host, user }, resume }, via, from) =>
        this.#roster.welcome(link, { host, user, via, role: from.grants, serverId: from.id, resume }),
      notice: (kind, text) => {
        this.#output.write(kind, text);
        if (kind === 'warning') notice?.(text);
      },
    });
    this.#servers.set(id, server);
    this.#emit({ type: 'serverStarted', server: server.info });
    return server.info;
  }

  /** Ends the session for everybody. Idempotent. A target attached to is let go unless `kill` is said. */
  end(target: TargetEnd = 'unsaid'): Promise<void> {
    const detached = target === 'detach' || this.#language.leavesRunning(target);
    this.#ended ??= this.#end(target, detached ? 'quitDetached' : 'quit');
    return this.#ended;
  }

  /** As {@link end}, once the commands that wait are done. */
  async endInTurn(): Promise<void> {
    await this.#queue.run(async () => undefined);
    await this.end(this.#ending ?? undefined);
  }

  onEnded(listener: (reason: SessionEndReason) => void): void {
    this.#endedListeners.push(listener);
  }

  #emit(event: SessionEvent): void {
    this.#output.flush();
    this.#append(event);
  }

  #append(event: SessionEvent): void {
    const time = Date.now();
    const seq = this.#log.append(event, time);
    const shown = transcriptOf({ seq, time, event }, () => false);
    if (shown) this.#language.logSink(shown.text);
    if (event.type === 'command' && this.#options.historyCommands !== undefined) {
      this.#commandNumbers.push(seq);
      this.#commandNumbers = this.#commandNumbers.slice(-this.#options.historyCommands);
    }
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      for (const client of this.#roster.all) client.pump();
    });
  }

  readonly #handlers: RequestHandlers = {
    'session/attach': async (client, params) => this.#attach(client, params),
    'session/execute': (client, { command, commandId }) =>
      client.once(commandId, () => this.#execute(client, command, commandId)),
    'session/breakIn': async () => {
      const was = this.state.run;
      await this.#language.breakIn();
      return { was };
    },
    'session/input': async (_client, { text }) => {
      this.#language.input(text);
      return {};
    },
    'session/complete': (_client, { text, caret }) => this.#language.complete(text, caret),
    'session/views': (client, { queries }) => this.#views(client, queries),
    'session/clients': async () => ({ clients: this.clients }),
    'session/servers': async () => ({ servers: this.servers }),
    'session/startServer': async (_client, { connection, password }) => ({
      server: await this.startServer(connection, password),
    }),
    'session/endServer': async (_client, { id }) => {
      if (!this.#endServer(id)) throw engineErrors.badArgument(`There is no server ${id}.`, 0);
      return {};
    },
    'session/cancelTransfer': async (_client, { id }) => {
      this.#language.cancelTransfer(id);
      return {};
    },
    'session/removeClient': async (client, { id }) => {
      if (client.info.role !== 'owner') throw engineErrors.ownerOnly('Removing a client');
      if (!this.#removeClient(id)) throw engineErrors.badArgument(`There is no other client ${id}.`, 0);
      return {};
    },
    'session/setRole': async (client, { id, role }) => {
      if (client.info.role !== 'owner') throw engineErrors.ownerOnly('Changing a role');
      if (!this.#setRole(id, role))
        throw engineErrors.badArgument(`There is no client ${id} whose role could change.`, 0);
      return {};
    },
    'session/leave': async (client) => {
      client.leave();
      return {};
    },
    'session/end': async (_client, { target }) => {
      // Answered first: the answer would not get out once the links close.
      setImmediate(() => void this.end(target));
      return {};
    },
    'session/ping': async () => ({}),
  };

  #setRole(id: number, role: 'controller' | 'viewer'): boolean {
    const client = this.#roster.get(id);
    if (!client || client.info.role === 'owner') return false;
    this.#roster.setRole(id, role);
    return true;
  }

  #removeClient(id: number): boolean {
    const client = this.#roster.get(id);
    if (!client || client.info.role === 'owner') return false;
    this.#roster.remove(client);
    return true;
  }

  #attach(client: Client, params: AttachParams): AttachResult {
    if (this.#ended) throw engineErrors.sessionEnded();
    this.#output.flush();
    const joins = !client.attached && client.info.via !== 'local';
    const history = this.#commandNumbers[0];
    const after =
      params.after === 0 && this.#options.historyCommands !== undefined
        ? (history ?? this.#log.head + 1) - 1
        : Math.min(params.after, this.#log.head);
    client.attach({ ...params, after });
    if (joins) this.#emit({ type: 'clientJoined', client: client.info });
    client.pump();
    return {
      sessionId: this.id,
      you: client.info,
      resumeToken: client.token,
      state: this.state,
      clients: this.clients,
      servers: this.servers,
      head: this.#log.head,
      host: hostname(),
      version: this.#options.version,
    };
  }

  /** In turn among the commands, of which those that wait go first: they would make the answer an old one. */
  #views(client: Client, queries: readonly ViewQuery[]): Promise<ViewsResult> {
    if (this.#ended) throw engineErrors.sessionEnded();
    if (this.#language.state.run === 'running')
      return Promise.resolve({ status: 'running', run: 0, context: '', answers: [] });
    return this.#queue.look(() =>
      this.#language.views(queries, callerOf(client), () => this.#queue.waiting > 0 || this.#ended !== null),
    );
  }

  #execute(client: Client, command: string, commandId: string): Promise<ExecuteResult> {
    client.info = { ...client.info, lastActive: Date.now() };
    const caller = callerOf(client);
    const run = async (early: boolean): Promise<CommandOutcome> => {
      const { prompt } = early ? this.state : this.#language.state;
      this.#emit({
        type: 'command',
        text: withoutPassword(this.#language.expand(command, caller)),
        prompt,
        client: caller.client,
        commandId,
      });
      let outcome: CommandOutcome = { ok: false };
      try {
        outcome = await this.#language.execute(command, caller);
      } finally {
        if (!early) this.#working = false;
        this.#sendState();
        this.#emit({ type: 'commandDone', commandId, ok: outcome.ok });
      }
      return outcome;
    };
    return this.#enqueue(run, this.#language.goesWhileRunning(command));
  }

  /**
   * Puts a job in the queue; after it, an end that was asked for meanwhile is carried out. `early`: it does not
   * wait for its turn while the target runs.
   */
  async #enqueue<T>(job: (early: boolean) => Promise<T>, early = false): Promise<T> {
    if (this.#ended) throw engineErrors.sessionEnded();
    const begin = (overtakes: boolean): Promise<T> => {
      if (this.#ended) return Promise.reject(engineErrors.sessionEnded());
      if (!overtakes) {
        this.#working = true;
        this.#scheduleState();
      }
      return job(overtakes);
    };
    try {
      const done = early ? this.#queue.runEarly(begin) : this.#queue.run(() => begin(false));
      if (early) this.#overtake();
      return await done;
    } finally {
      this.#working = this.#queue.running;
      if (this.#ending) void this.end(this.#ending);
      else this.#scheduleState();
    }
  }

  #overtake(): void {
    if (this.#queue.hasEarly && this.#language.state.run === 'running') this.#queue.overtake();
  }

  #scheduleState(): void {
    this.#stateTimer ??= setTimeout(() => this.#sendState(), BUSY_AFTER);
  }

  /** Told only when it differs: a command of a few milliseconds makes nobody's prompt flicker. */
  #sendState(): void {
    if (this.#stateTimer) clearTimeout(this.#stateTimer);
    this.#stateTimer = null;
    if (this.#ended) return;
    const state = this.state;
    const key = JSON.stringify(state);
    if (key === this.#lastState) return;
    this.#lastState = key;
    this.#emit({ type: 'state', state });
  }

  #host(): CommandHost {
    return {
      version: this.#options.version,
      output: (kind, text, links) => this.#output.write(kind, text, links),
      stateChanged: () => {
        this.#overtake();
        this.#scheduleState();
      },
      breakpointsChanged: () => this.#emit({ type: 'breakpointsChanged' }),
      modulesChanged: () => this.#emit({ type: 'modulesChanged' }),
      threadsChanged: () => this.#emit({ type: 'threadsChanged' }),
      transfer: (transfer) => this.#emit({ type: 'transfer', transfer }),
      startServer: (connection) => this.startServer(connection),
      connectStub: (connection, signal) =>
        connectStub(connection, {
          program: 'hawser',
          version: this.#options.version,
          signal,
          // Nobody can be asked here: the line stands in everybody's Command window.
          getPassword: () => Promise.reject(connectionErrors.passwordNeeded()),
          notice: (text) => this.#output.write('verbose', `${text}\n`),
        }),
      servers: () => this.servers,
      endServer: (id) => this.#endServer(id),
      secureBegan: () => this.#options.secureBegan?.(),
      clients: () => this.clients,
      setRole: (id, role) => this.#setRole(id, role),
      removeClient: (id) => this.#removeClient(id),
      queued: () => this.#queue.waiting,
      inTurn: (work) => void this.#queue.run(work).catch(() => undefined),
      endSession: (target) => {
        this.#ending = target;
      },
    };
  }

  #endServer(id: number): boolean {
    const server = this.#servers.get(id);
    if (server?.info.state !== 'listening') return false;
    void server.close();
    this.#emit({ type: 'serverEnded', server: server.info });
    return true;
  }

  async #end(target: TargetEnd, reason: SessionEndReason): Promise<void> {
    if (this.#stateTimer) clearTimeout(this.#stateTimer);
    const runsOn = this.#language.leavesRunning(target);
    const text = runsOn ? 'The session was ended; the target runs on.' : 'The session was ended.';
    this.#roster.end();
    this.#emit({ type: 'ended', reason, text });
    await Promise.allSettled([...this.#servers.values()].map((server) => server.close()));
    const gone = connectionErrors.serverEnded();
    await Promise.race([
      Promise.allSettled([...this.#roster.all].map((client) => client.end(gone))),
      new Promise((done) => setTimeout(done, 2000).unref()),
    ]);
    await this.#language.dispose(target);
    await this.#log.dispose();
    for (const listener of this.#endedListeners) listener(reason);
  }
}

function callerOf({ info: { id, host, user, via, role } }: Client): Caller {
  return { client: { id, host, user, via }, role, local: via === 'local' };
}

export function createSession(options: SessionOptions): Session {
  return new Session(options);
}
