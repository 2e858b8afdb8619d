import { StringDecoder } from 'node:string_decoder';
import { ProgramTerminal } from '../machine/terminal.ts';
import { Gathered } from './gathered.ts';
import type { TargetTerminal } from './link/link.ts';

/** The terminal that the target has to itself; what it writes comes gathered, as text. */
export class Terminal implements TargetTerminal {
  readonly #inner: ProgramTerminal;
  readonly #gathered: Gathered;

  private constructor(inner: ProgramTerminal, gathered: Gathered) {
    this.#inner = inner;
    this.#gathered = gathered;
  }

  /** A terminal, or why there is none. */
  static async open(output: (text: string) => void): Promise<Terminal | string> {
    const gathered = new Gathered(output);
    const decoder = new StringDecoder('utf8');
    const inner = await ProgramTerminal.open((bytes) => {
      gathered.text += decoder.write(bytes);
      gathered.later();
    });
    return typeof inner === 'string' ? inner : new Terminal(inner, gathered);
  }

  /** The path of the target's end. */
  get name(): string {
    return this.#inner.name;
  }

  write(text: string): void {
    this.#inner.write(text);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  flush(): void {
    this.#gathered.flush();
  }

  async lastWords(): Promise<void> {
    await this.#inner.lastWords();
    this.flush();
  }

  leaveToTarget(): void {
    this.#inner.leaveToTarget();
  }

  dispose(): void {
    this.#inner.dispose();
    this.flush();
  }
}
