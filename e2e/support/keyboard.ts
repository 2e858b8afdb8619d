import { execFileSync } from 'node:child_process';

const xdotool = (...args: string[]) =>
  execFileSync('xdotool', args, { encoding: 'utf8', timeout: 20_000 }).trim();

/** The first window that fits, once there is one. */
function find(...how: string[]): string {
  for (let left = 5; ; left--) {
    try {
      return xdotool('search', '--sync', '--onlyvisible', ...how).split('\n')[0] ?? '';
    } catch (error) {
      // It looks through all windows, and fails when one goes meanwhile (BadWindow).
      if (left === 0 || !/BadWindow/.test((error as { stderr?: string }).stderr ?? '')) throw error;
    }
  }
}

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

  /** Of one of a program's windows, by its title. */
  static ofProcessWindow(pid: number, title: string): Keyboard {
    return new Keyboard(() => find('--all', '--pid', String(pid), '--name', title));
  }

  /** In xdotool's words: `ctrl+r`, `alt+Delete`, `ctrl+Break`; one after the other. */
  press(...keys: string[]): void {
    this.#found ??= this.#window();
    xdotool('windowfocus', '--sync', this.#found);
    for (const each of keys) xdotool('key', '--clearmodifiers', each);
  }

  /** Presses a key and keeps it down: the window system repeats it until {@link release}. */
  hold(key: string): void {
    this.#found ??= this.#window();
    xdotool('windowfocus', '--sync', this.#found);
    xdotool('keydown', key);
  }

  release(key: string): void {
    xdotool('keyup', key);
  }
}
