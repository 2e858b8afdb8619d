import type { LineSocket } from './line-socket.ts';
import type { DirectoryOrder, DirectoryRequest } from './messages.ts';

/** How long an owner may take to answer before it is listed as not answering. */
const ANSWER_MS = 700;
const RELAY_MS = 5_000;
const MAX_PENDING = 64;

/** A process that has registered servers, as the directory sees it. */
export interface Owner {
  /** Whether it reacts. */
  alive(): Promise<boolean>;
  /** Opens a way to one of its pipes for one caller. @returns its port; null: it does not. */
  relay(pipe: string, caller: string): Promise<number | null>;
}

/** An owner at the other end of a connection. */
export class OwnerLink implements Owner {
  readonly #line: LineSocket;
  readonly #pending = new Map<number, (port: number | null | undefined) => void>();
  #lastId = 0;
  #asking: Promise<boolean> | null = null;

  constructor(line: LineSocket) {
    this.#line = line;
  }

  /** One question at a time, however many ask for the list. */
  alive(): Promise<boolean> {
    this.#asking ??= this.#ask((id) => ({ hawser: 'ping', id }), ANSWER_MS)
      .then((answer) => answer !== undefined)
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async relay(pipe: string, caller: string): Promise<number | null> {
    return (await this.#ask((id) => ({ hawser: 'relay', id, pipe, caller }), RELAY_MS)) ?? null;
  }

  answered(answer: Extract<DirectoryRequest, { request: 'alive' | 'relay' }>): void {
    this.#pending.get(answer.id)?.(answer.request === 'relay' ? answer.port : null);
  }

  /** The connection is gone. */
  closed(): void {
    for (const settle of [...this.#pending.values()]) settle(undefined);
  }

  /** @returns undefined when no answer came */
  #ask(question: (id: number) => DirectoryOrder, patience: number): Promise<number | null | undefined> {
    if (this.#pending.size >= MAX_PENDING) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const settle = (answer: number | null | undefined) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(undefined), patience);
      this.#pending.set(id, settle);
      this.#line.send(question(id));
    });
  }
}
