import { clearLine, cursorTo, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { forTerminal } from './for-terminal.ts';

/** What the prompt is while there is nothing to be typed. */
const BUSY = '*BUSY* ';
/** On a terminal that cannot go back, the prompt comes back when nothing was written for so long. */
const BACK_MS = 100;

/**
 * Where a console front writes. With a prompt on the screen, text goes above it and prompt and half-typed
 * line are drawn again below; a dumb terminal, which cannot be drawn on, gets it on lines of its own, and the prompt behind it. Without one nothing that is typed is echoed: it appears when its turn comes.
 */
export class Screen {
  /** For readline to draw on. */
  readonly line: Writable;
  #readline: Interface | null = null;
  #promptShown = false;
  /** Whether what was written last left the cursor at the start of a line. */
  #atLineStart = true;
  readonly #quiet: boolean;
  readonly #dumb = process.env.TERM === 'dumb';
  /** On a dumb terminal: the prompt is not the last thing on it. */
  #away = false;
  #drawn = '';
  #back: NodeJS.Timeout | null = null;
  /** Hears what is shown, prompts included. */
  onShown: ((text: string) => void) | null = null;

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

  /** @param foreign of others: nothing in it steers the terminal */
  write(foreign: string): void {
    const text = forTerminal(foreign);
    this.onShown?.(text);
    this.#write(text);
  }

  /** `.cls`; what is no terminal, or a dumb one, keeps what it has. */
  clear(): true {
    if (process.stdout.isTTY && !this.#dumb) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    this.#atLineStart = true;
    return true;
  }

  /** `.wtitle`, as terminals take it. */
  title(text: string): true {
    const clean = text.replace(/\p{Cc}/gu, ' ').trim();
    if (process.stdout.isTTY && !this.#dumb) process.stdout.write(`\x1b]0;${clean}\x07`);
    return true;
  }

  /** Of this console alone: who shares it does not see it. */
  aside(text: string): void {
    this.#write(text);
  }

  #write(text: string): void {
    if (this.#quiet || text === '') return;
    if (this.#promptShown && this.#readline && !this.#dumb) {
      clearLine(process.stdout, 0);
      cursorTo(process.stdout, 0);
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      this.#readline.prompt(true);
      return;
    }
    if (this.#promptShown && this.#readline) {
      if (!this.#away) process.stdout.write('\n');
      this.#away = true;
      this.#comeBack();
    }
    this.#atLineStart = text.endsWith('\n');
    process.stdout.write(text);
  }

  #comeBack(): void {
    if (this.#back) clearTimeout(this.#back);
    this.#back = setTimeout(() => {
      const readline = this.#readline;
      if (!readline || !this.#promptShown || !this.#away || readline.getPrompt() === BUSY) return;
      if (!this.#atLineStart) process.stdout.write('\n');
      this.#away = false;
      this.#drawn = readline.getPrompt();
      readline.prompt(true);
      process.stdout.write(readline.line);
    }, BACK_MS);
  }

  /** Shows a prompt, with what was typed meanwhile, and lets a person type. */
  prompt(foreign: string): void {
    if (!this.#readline) return;
    const text = forTerminal(foreign);
    this.freshLine();
    this.onShown?.(text);
    this.#readline.setPrompt(text);
    this.#promptShown = true;
    this.#away = this.#dumb && text === BUSY;
    this.#drawn = text;
    if (!this.#away) this.#readline.prompt(true);
  }

  /** Another prompt for the line being typed: the target stopped or runs. */
  changePrompt(foreign: string): void {
    const text = forTerminal(foreign);
    if (!this.#readline || !this.#promptShown || this.#readline.getPrompt() === text) return;
    this.#readline.setPrompt(text);
    if (!this.#dumb) this.#readline.prompt(true);
    else if (text !== BUSY) {
      // It stands there already when it is the one from before the target ran.
      if (!this.#away && this.#drawn !== text) {
        this.#away = true;
        this.#atLineStart = false;
      }
      this.#comeBack();
    }
  }

  /** A line that somebody else typed takes the prompt's place, which is not entered. */
  promptTaken(): void {
    if (this.#promptShown) process.stdout.write('\n');
    this.promptDone();
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
