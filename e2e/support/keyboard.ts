import { execFileSync } from 'node:child_process';

const xdotool = (...args: string[]) =>
  execFileSync('xdotool', args, { encoding: 'utf8', timeout: 20_000 }).trim();

/** The first window that fits, once there is one. */
const find = (...how: string[]) => xdotool('search', '--sync', '--onlyvisible', ...how).split('\n')[0] ?? '';

/** Keys of the window system itself, which reach menus and accelerators as a person's do. */
export class Keyboard {
  readonly #window: () => string;
  #found: string | undefined;

  private constructor(window: () => string) {
    this.#window = window;
  }

  static ofProcess(pid: number): Keyboard {
    return new Keyboard(() => find('--pid', String(pid)));
  }

  /** Waits for a window whose title fits. */
  static ofWindow(title: string): Keyboard {
    const window = find('--name', title);
    return new Keyboard(() => window);
  }

  /** In xdotool's words: `ctrl+r`, `alt+Delete`, `ctrl+Break`. */
  press(keys: string): void {
    this.#found ??= this.#window();
    xdotool('windowfocus', '--sync', this.#found);
    xdotool('key', '--clearmodifiers', keys);
  }
}
