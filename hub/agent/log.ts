import { appendFileSync } from 'node:fs';

const LARGEST = 1 << 20;

/** What an agent did and met, for who looks for the reason of something. Never text of the session, never a key. */
export class AgentLog {
  readonly path: string;
  #bytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  write(text: string): void {
    const line = `${new Date().toISOString()} ${process.pid} ${text}\n`;
    this.#bytes += line.length;
    if (this.#bytes > LARGEST) return;
    try {
      appendFileSync(this.path, line, { mode: 0o600 });
    } catch {
      // A full disk must not end a debugging session.
    }
  }
}
