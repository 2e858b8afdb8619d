import { rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { secureFolder } from '../../transports/npipe/folder.ts';
import { agentFolders } from './places.ts';
import { type AgentFacts, type Question, question, socketName } from './registry.ts';

export interface ControlOptions {
  readonly hub: string;
  readonly session: string;
  readonly facts: () => AgentFacts;
  /** Resolves when it is over. */
  readonly stop: (now: boolean) => Promise<void>;
}

const LONGEST_QUESTION = 4096;
/** The folder of a user who has left the computer goes, socket and all. */
const LOOK_EVERY_MS = 30_000;

/** The socket by which this user's programs find an agent, ask it and stop it. */
export class Control {
  readonly #options: ControlOptions;
  readonly #timer: NodeJS.Timeout;
  #server: Server | null = null;
  #path: string | null = null;
  #closed = false;

  private constructor(options: ControlOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  static async open(options: ControlOptions): Promise<Control> {
    const control = new Control(options);
    await control.#listen();
    return control;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#server?.close();
    if (this.#path) await rm(this.#path, { force: true });
  }

  async #look(): Promise<void> {
    const there = this.#path !== null && (await stat(this.#path).catch(() => null)) !== null;
    if (there || this.#closed) return;
    this.#server?.close();
    await this.#listen();
  }

  /** In the first folder where it can be done. An agent that has none cannot be listed, and works all the same. */
  async #listen(): Promise<void> {
    for (const folder of agentFolders()) {
      try {
        await secureFolder(dirname(folder));
        await secureFolder(folder);
        const path = join(folder, socketName(this.#options.hub, this.#options.session));
        await rm(path, { force: true });
        this.#server = await listening(path, (socket) => void this.#serve(socket));
        this.#path = path;
        return;
      } catch {
        // The next one.
      }
    }
  }

  async #serve(socket: Socket): Promise<void> {
    const asked = await lineOf(socket);
    const answer = (value: unknown) => socket.end(`${JSON.stringify(value)}\n`);
    if (!asked) socket.destroy();
    else if (asked.ask === 'facts') answer(this.#options.facts());
    else {
      await this.#options.stop(asked.now === true);
      answer({ done: true });
    }
  }
}

function listening(path: string, enter: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    enter(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

function lineOf(socket: Socket): Promise<Question | null> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('close', () => resolve(null));
    socket.on('data', (piece: string) => {
      text += piece;
      if (!text.includes('\n') && text.length <= LONGEST_QUESTION) return;
      try {
        resolve(question.parse(JSON.parse(text)));
      } catch {
        resolve(null);
      }
    });
  });
}
