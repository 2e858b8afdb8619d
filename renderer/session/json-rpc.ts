import { fromRpcError, sessionClosed } from './session-error.ts';

/** What this needs of a MessagePort. */
export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
  close(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface RpcHandlers {
  notification(method: string, params: unknown): void;
  closed(): void;
}

const METHOD_NOT_FOUND = -32601;

/**
 * JSON-RPC 2.0 over a MessagePort, one message an object. Messages are handled within the event that brings
 * them: a queue with a timer for each, as libraries have it, costs 4 ms a message in a page.
 */
export class JsonRpc {
  readonly #port: PortLike;
  readonly #handlers: RpcHandlers;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #open = true;

  constructor(port: PortLike, handlers: RpcHandlers) {
    this.#port = port;
    this.#handlers = handlers;
    port.addEventListener('message', (event) => this.#receive(event.data));
    port.addEventListener('close', () => this.#shut());
    port.start();
  }

  get open(): boolean {
    return this.#open;
  }

  request(method: string, params: unknown): Promise<unknown> {
    if (!this.#open) return Promise.reject(sessionClosed());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    if (this.#open) this.#port.postMessage({ jsonrpc: '2.0', method, params });
  }

  /** From this end; what still waits for an answer fails. */
  close(): void {
    this.#port.close();
    this.#shut();
  }

  #shut(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const { reject } of this.#waiting.values()) reject(sessionClosed());
    this.#waiting.clear();
    this.#handlers.closed();
  }

  #receive(data: unknown): void {
    if (!this.#open || typeof data !== 'object' || data === null) return;
    const message = data as Record<string, unknown>;
    if (typeof message.method === 'string') this.#incoming(message.method, message);
    else if (typeof message.id === 'number') this.#answer(message.id, message);
  }

  #incoming(method: string, message: Record<string, unknown>): void {
    if (message.id === undefined) {
      this.#handlers.notification(method, message.params);
      return;
    }
    const error = { code: METHOD_NOT_FOUND, message: `This end has no method ${method}.` };
    this.#port.postMessage({ jsonrpc: '2.0', id: message.id, error });
  }

  #answer(id: number, message: Record<string, unknown>): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (message.error !== undefined) waiting.reject(fromRpcError(message.error));
    else waiting.resolve(message.result);
  }
}
