import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import type { CreateBackend } from '../../backend/backend.ts';
import { createGdbBackend } from '../../gdb/backend.ts';
import { endAfterTests } from '../../gdb/testing/ends.ts';
import type { OutputKind, OutputLink, ServerInfo } from '../../protocol/session.ts';
import { connectStub } from '../../stub/connect.ts';
import { createDebugger } from '../debugger.ts';
import type {
  Caller,
  CommandHost,
  CommandOutcome,
  DebuggerLanguage,
  StartOptions,
  TargetEnd,
  TargetSpec,
} from '../host.ts';

export const OWNER: Caller = {
  client: { id: 1, host: 'here', user: 'me', via: 'local' },
  role: 'owner',
  local: true,
};
export const REMOTE: Caller = {
  client: { id: 2, host: 'there', user: 'you', via: 'tcp 192.0.2.5:50001' },
  role: 'controller',
  local: false,
};

const OPTIONS: StartOptions = {
  ignoreInitialBreak: false,
  ignoreFinalBreak: false,
  symbolPath: [],
  sourcePath: [],
  commands: '',
  detachAtEnd: false,
  breakOnConnect: false,
};

const opened: DebuggerLanguage[] = [];

endAfterTests('debugger', async () => {
  await Promise.all(opened.splice(0).map((each) => each.dispose('kill')));
});

/** In the place of the real ones, to make faults with. */
export interface Doubles {
  readonly createBackend?: CreateBackend;
  readonly connectStub?: typeof connectStub;
  /** In secure mode from the start. */
  readonly secure?: boolean;
}

/** A debugger over a real GDB, with what it says collected; the session around it is this object. */
export class Console {
  readonly language: DebuggerLanguage;
  /** All output since the last {@link take}. */
  #text = '';
  /** Output of the target itself. */
  debuggee = '';
  ended: TargetEnd | null = null;
  serverList: ServerInfo[] = [];
  /** Links of the output, with the text that they stand at. */
  readonly links: (OutputLink & { readonly text: string })[] = [];
  readonly changes: string[] = [];
  readonly #connectStub: typeof connectStub;

  constructor(doubles: Doubles = {}) {
    this.#connectStub = doubles.connectStub ?? connectStub;
    this.language = createDebugger(
      this.#host(),
      doubles.createBackend ?? ((stub, file) => createGdbBackend({ stub, file })),
      { secure: doubles.secure },
    );
    opened.push(this.language);
  }

  start(target: TargetSpec, options: Partial<StartOptions> = {}): Promise<CommandOutcome> {
    return this.language.start(target, { ...OPTIONS, ...options });
  }

  /** Runs a line; answers what came out. */
  async run(line: string, caller: Caller = OWNER): Promise<string> {
    this.take();
    await this.language.execute(line, caller);
    return this.take();
  }

  outcome(line: string, caller: Caller = OWNER): Promise<CommandOutcome> {
    return this.language.execute(line, caller);
  }

  /** A line with its prompt, and what came out. */
  async transcript(line: string, caller: Caller = OWNER): Promise<string> {
    const { prompt } = this.language.state;
    return `${prompt}${line}\n${await this.run(line, caller)}`;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #host(): CommandHost {
    return {
      version: '1.2.3',
      output: (kind, text, links = []) => {
        this.links.push(...links.map((link) => ({ ...link, text: text.slice(link.start, link.end) })));
        this.#output(kind, text);
      },
      stateChanged: () => this.changes.push(`state ${this.language?.state.run}`),
      breakpointsChanged: () => this.changes.push('breakpoints'),
      modulesChanged: () => this.changes.push('modules'),
      threadsChanged: () => this.changes.push('threads'),
      transfer: (transfer) => this.changes.push(`transfer ${transfer.state}`),
      connectStub: (connection, signal) =>
        this.#connectStub(connection, {
          program: 'test',
          version: '1.2.3',
          signal,
          getPassword: () => Promise.reject(connectionErrors.passwordNeeded()),
        }),
      startServer: async (connection) => {
        const id = this.serverList.length;
        const server: ServerInfo = { id, connection, listing: connection, state: 'listening' };
        this.serverList.push(server);
        return server;
      },
      servers: () => this.serverList,
      endServer: (id) => {
        const server = this.serverList[id];
        if (server) this.serverList[id] = { ...server, state: 'ending' };
        return server !== undefined;
      },
      clients: () => [],
      setRole: () => false,
      removeClient: () => false,
      queued: () => 0,
      inTurn: (work) => void work(),
      endSession: (target) => {
        this.ended = target;
      },
    };
  }

  #output(kind: OutputKind, text: string): void {
    if (kind === 'debuggee') {
      this.debuggee += text;
      return;
    }
    this.#text += text;
    this.language?.logSink(text);
  }
}
