import { execFileSync } from 'node:child_process';

const xdotool = (...args: string[]) => execFileSync('xdotool', args, { encoding: 'utf8' }).trim();

/** Keys of the window system itself, which reach menus and accelerators as a person's do. */
export class Keyboard {
  readonly #pid: number;
  #window = '';

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** In xdotool's words: `ctrl+r`, `alt+Delete`, `ctrl+Break`. */
  press(keys: string): void {
    if (this.#window === '') {
      const found = xdotool('search', '--sync', '--onlyvisible', '--pid', String(this.#pid));
      this.#window = found.split('\n')[0] ?? '';
    }
    xdotool('windowfocus', '--sync', this.#window);
    xdotool('key', '--clearmodifiers', keys);
  }
}
