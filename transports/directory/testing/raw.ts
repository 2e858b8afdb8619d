import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare connection to a directory, to say what no client says. */
export class Raw {
  readonly socket: Socket;
  text = '';
  readonly closed: Promise<unknown>;

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect(port, host);
    this.socket.on('error', () => {});
    this.socket.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  say(message: unknown): void {
    this.socket.write(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`);
  }

  /** The first line that comes, read. */
  async line(): Promise<Record<string, unknown>> {
    while (!this.text.includes('\n')) await once(this.socket, 'data');
    const [first = ''] = this.text.split('\n');
    this.text = this.text.slice(first.length + 1);
    return JSON.parse(first);
  }
}
