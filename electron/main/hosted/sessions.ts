import type { HubConnection } from '../../../hub/client/hub-connection.ts';
import type { SessionInfo } from '../../../hub/protocol/hub.ts';
import { toHawserError } from '../../../transports/errors/error.ts';

/** The sessions of who is signed in, kept as they change. */
export class SessionList {
  readonly #connection: HubConnection;
  readonly #changed: (id: string | null) => void;
  readonly #warn: (message: string) => void;
  readonly #disposers: (() => void)[];
  #sessions: Map<string, SessionInfo> | null = null;
  /** What changed while the list was on its way. */
  #meanwhile: { id: string; info: SessionInfo | null }[] | null = null;

  /** @param changed with the session that did; null: all may have */
  constructor(
    connection: HubConnection,
    changed: (id: string | null) => void,
    warn: (message: string) => void,
  ) {
    this.#connection = connection;
    this.#changed = changed;
    this.#warn = warn;
    this.#disposers = [
      connection.on('session/changed', ({ id, info }) => {
        this.#meanwhile?.push({ id, info });
        this.#take(id, info);
      }),
      connection.onState((state) => {
        if (state.state === 'up' && state.signedIn) void this.refresh();
      }),
    ];
    void this.refresh();
  }

  /** Newest first; null: not heard yet. */
  get all(): readonly SessionInfo[] | null {
    return this.#sessions && [...this.#sessions.values()].sort((a, b) => b.created - a.created);
  }

  get(id: string): SessionInfo | null {
    return this.#sessions?.get(id) ?? null;
  }

  /** An answer of the hub that is newer than what was heard. */
  take(info: SessionInfo): void {
    this.#take(info.id, info);
  }

  async refresh(): Promise<void> {
    const meanwhile: { id: string; info: SessionInfo | null }[] = [];
    this.#meanwhile = meanwhile;
    try {
      const list = await this.#connection.request('session/list', undefined);
      if (this.#meanwhile !== meanwhile) return;
      this.#meanwhile = null;
      this.#sessions = new Map(list.map((info) => [info.id, info]));
      for (const { id, info } of meanwhile) this.#put(id, info);
      this.#changed(null);
    } catch (error) {
      const { code, message } = toHawserError(error);
      if (code !== 'CANCELLED') this.#warn(`hosted sessions: ${message}`);
    }
  }

  close(): void {
    for (const dispose of this.#disposers) dispose();
  }

  #take(id: string, info: SessionInfo | null): void {
    this.#put(id, info);
    this.#changed(id);
  }

  #put(id: string, info: SessionInfo | null): void {
    if (info) this.#sessions?.set(id, info);
    else this.#sessions?.delete(id);
  }
}
