import { clearLine, cursorTo, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Where a console front writes. With a prompt on the screen, text goes above it and prompt and half-typed
 * line are drawn again below. Without one nothing that is typed is echoed: it appears when its turn comes.
 */
export class Screen {
  /** For readline to draw on. */
  readonly line: Writable;
  #readline: Interface | null = null;
  #promptShown = false;
  /** Whether what was written last left the cursor at the start of a line. */
  #atLineStart = true;
  readonly #quiet: boolean;

  constructor(options: { readonly quiet: boolean }) {
    this.#quiet = options.quiet;
    this.line = new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        if (this.#promptShown) process.stdout.write(text);
        done();
      },
    });
    // Readline asks its output how wide it is, each time it draws.
    Object.defineProperty(this.line, 'columns', { get: () => process.stdout.columns });
    process.stdout.on('resize', () => this.line.emit('resize'));
  }

  set readline(readline: Interface | null) {
    this.#readline = readline;
  }

  write(text: string): void {
    if (this.#quiet || text === '') return;
    if (this.#promptShown && this.#readline) {
      clearLine(process.stdout, 0);
      cursorTo(process.stdout, 0);
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      this.#readline.prompt(true);
      return;
    }
    this.#atLineStart = text.endsWith('\n');
    process.stdout.write(text);
  }

  /** Shows a prompt, with what was typed meanwhile, and lets a person type. */
  prompt(text: string): void {
    if (!this.#readline) return;
    this.freshLine();
    this.#readline.setPrompt(text);
    this.#promptShown = true;
    this.#readline.prompt(true);
  }

  /** Another prompt for the line being typed: the target stopped or runs. */
  changePrompt(text: string): void {
    if (!this.#readline || !this.#promptShown || this.#readline.getPrompt() === text) return;
    this.#readline.setPrompt(text);
    this.#readline.prompt(true);
  }

  /** The line was entered, or the prompt must wait: what is written goes where the cursor is. */
  promptDone(): void {
    this.#promptShown = false;
    this.#atLineStart = true;
  }

  freshLine(): void {
    if (!this.#atLineStart) this.write('\n');
  }

  /** Resolves when the terminal or pipe has taken everything. */
  async flushed(): Promise<void> {
    if (process.stdout.writableLength === 0) return;
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }
}
