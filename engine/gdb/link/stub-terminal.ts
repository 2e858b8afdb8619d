import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { Gathered } from '../gathered.ts';
import type { TargetTerminal } from './link.ts';

/** Its last words come by another channel than the news of its end: they are over when nothing came for so long. */
const QUIET_MS = 50;
/** No more is waited for when a process that the target left behind floods its terminal. */
const LAST_WORDS_MS = 1000;

/** The terminal of programs that a stub starts, at the stub's end. */
export class StubTerminal implements TargetTerminal {
  readonly #stream: Duplex;
  readonly #decoder = new StringDecoder('utf8');
  readonly #gathered: Gathered;
  #heard = 0;
  #paused = false;

  constructor(stream: Duplex, output: (text: string) => void) {
    this.#stream = stream;
    this.#gathered = new Gathered(output);
    stream.on('data', (chunk: Buffer) => this.#data(chunk));
    // The link's own end is told by the stub.
    stream.on('error', () => {});
  }

  write(text: string): void {
    if (this.#stream.writable) this.#stream.write(text);
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream.resume();
  }

  flush(): void {
    this.#gathered.flush();
  }

  async lastWords(): Promise<void> {
    const begin = performance.now();
    const quietSince = () => Math.max(begin, this.#heard);
    while (
      !this.#paused &&
      !this.#stream.destroyed &&
      performance.now() - quietSince() < QUIET_MS &&
      performance.now() - begin < LAST_WORDS_MS
    )
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 5));
    this.flush();
  }

  /** The server holds it for as long as somebody has it. */
  leaveToTarget(): void {}

  dispose(): void {
    this.flush();
    this.#stream.removeAllListeners('data');
    this.#stream.resume();
  }

  #data(chunk: Buffer): void {
    this.#heard = performance.now();
    this.#gathered.text += this.#decoder.write(chunk);
    this.#gathered.later();
  }
}
