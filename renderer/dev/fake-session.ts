import type { SESSION_PORT_MESSAGE } from '../../electron/ipc/contract.ts';
import type {
  ClientInfo,
  NumberedEvent,
  Role,
  ServerInfo,
  SessionEvent,
  TargetState,
} from '../../engine/protocol/session.ts';

const PORT_MESSAGE: typeof SESSION_PORT_MESSAGE = 'hawser/session-port';
const now = Date.now();

export const stopped: TargetState = {
  run: 'stopped',
  prompt: '0:000> ',
  process: { index: 0, pid: 4127, name: 'list-sum' },
  thread: { index: 0, tid: 4127, name: 'list-sum' },
  kind: 'live',
  machine: 'birch',
  description: './list-sum 4 (pid 4127)',
  queued: 0,
};

const person = (id: number, user: string, role: Role): ClientInfo => ({
  id,
  host: id === 1 ? 'BIRCH' : 'ALDER',
  user,
  via: id === 1 ? 'local' : `tcp 192.0.2.${id}:5000${id}`,
  role,
  lastActive: now,
  connectedAt: now - 600_000,
});

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** A session that says what it is told to; it holds to the window of the client, as a real one does. */
export class FakeSession {
  #port: MessagePort | null = null;
  #seq = 0;
  #acked = 0;
  #sent = 0;
  #sizes: { seq: number; bytes: number }[] = [];
  #pending: NumberedEvent[] = [];
  #you: ClientInfo;
  #clients: ClientInfo[];
  #servers: ServerInfo[] = [];
  #window = 0;
  acks = 0;

  constructor(role: Role) {
    this.#you = person(role === 'owner' ? 1 : 2, 'ann', role);
    this.#clients = [
      this.#you,
      role === 'owner' ? person(3, 'bob', 'controller') : person(1, 'lee', 'owner'),
    ];
  }

  open(): void {
    const { port1, port2 } = new MessageChannel();
    this.#port = port2;
    port2.onmessage = ({ data }) => this.#receive(data as Message);
    window.postMessage(PORT_MESSAGE, '*', [port1]);
  }

  close(): void {
    this.#port?.close();
  }

  emit(...events: SessionEvent[]): void {
    for (const event of events) this.#pending.push({ seq: ++this.#seq, time: Date.now(), event });
    this.#flush();
  }

  addServer(server: ServerInfo): void {
    this.#servers.push(server);
    this.emit({ type: 'serverStarted', server });
  }

  #flush(): void {
    const batch: NumberedEvent[] = [];
    while (this.#pending.length > 0 && this.#sent - this.#acked < this.#window) {
      const next = this.#pending.shift();
      if (!next) break;
      const bytes = 100 + (next.event.type === 'output' ? next.event.text.length : 0);
      this.#sent += bytes;
      this.#sizes.push({ seq: next.seq, bytes });
      batch.push(next);
    }
    if (batch.length > 0) this.#post({ method: 'session/events', params: { events: batch } });
  }

  #receive({ id, method, params }: Message): void {
    if (method === 'session/ack') {
      this.acks++;
      while (this.#sizes[0] && this.#sizes[0].seq <= (params.seq as number))
        this.#acked += this.#sizes.shift()?.bytes ?? 0;
      this.#flush();
      return;
    }
    this.#post({ id, result: this.#answer(method, params) });
    this.#flush();
  }

  #answer(method: string, params: Record<string, unknown>): unknown {
    switch (method) {
      case 'session/attach':
        this.#window = params.window as number;
        return {
          sessionId: 'fake',
          you: this.#you,
          state: stopped,
          clients: this.#clients,
          servers: this.#servers,
          head: this.#seq,
          host: 'BIRCH',
          version: '0.1.0',
        };
      case 'session/execute': {
        const commandId = params.commandId as string;
        this.emit(
          {
            type: 'command',
            text: params.command as string,
            prompt: '0:000> ',
            client: this.#you,
            commandId,
          },
          { type: 'output', kind: 'normal', text: `did ${params.command as string}\n` },
          { type: 'commandDone', commandId, ok: true },
        );
        return { ok: true };
      }
      case 'session/complete':
        return {
          from: 0,
          items: [
            { text: '.server', detail: 'Starts a debugging server' },
            { text: '.servers', detail: 'Lists the debugging servers' },
            { text: '.srcpath', detail: 'Where sources are looked for' },
          ].filter(({ text }) => text.startsWith(params.text as string)),
        };
      case 'session/startServer': {
        const server: ServerInfo = {
          id: this.#servers.length,
          connection: 'tcp:Port=5005,Server=localhost,Password=*',
          listing: 'tcp:Port=5005,Password=*',
          state: 'listening',
        };
        this.addServer(server);
        return { server };
      }
      default:
        return {};
    }
  }

  #post(message: Record<string, unknown>): void {
    this.#port?.postMessage({ jsonrpc: '2.0', ...message });
  }
}
