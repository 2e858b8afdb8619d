import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { capture } from '../../scripts/lib/exec.mjs';
import { Keyboard } from './keyboard.ts';
import { root, work } from './paths.ts';

/** Who runs a package where the tests run as root, whom Chromium does not sandbox: a user without any rights. */
const NOBODY = 65534;
export const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Electron as the tests have it: a re-published copy, in most places. */
const electronFolder = process.env.ELECTRON_OVERRIDE_DIST_PATH;

/** Makes the package as `npm run package` does, with the tests' Electron. @returns its folder */
export async function makePackage(): Promise<string> {
  const output = join(work, 'package');
  const only = process.env.HAWSER_FULL === undefined ? ['--only', 'folder'] : [];
  const electron = electronFolder === undefined ? [] : ['--electron', electronFolder];
  const words = ['scripts/package.mjs', '--quick', '--output', output, ...only, ...electron];
  const { code, output: said } = await capture(process.execPath, words, { cwd: root });
  if (code !== 0) throw new Error(said);
  const made = /(\S+hawser-[\w.]+-linux-\w+)\/$/m.exec(said)?.[1];
  if (made === undefined) throw new Error(`no folder was made:\n${said}`);
  return join(root, made);
}

/** The home of the one who uses the package. */
export function homeOf(folder: string): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const authority = join(folder, 'authority');
  copyFileSync(process.env.XAUTHORITY ?? '', authority);
  for (const path of [folder, authority]) {
    if (user.uid !== undefined) chownSync(path, NOBODY, NOBODY);
    chmodSync(path, 0o700);
  }
  const { PATH, DISPLAY } = process.env;
  return { PATH, DISPLAY, HOME: folder, XAUTHORITY: authority, HAWSER_DIRECTORY_PORT: 'off' };
}

/** The window of a package. Its main process takes no debugger: only the page can be driven. */
export class PackagedWindow {
  readonly process: ChildProcess;
  readonly page: Page;
  readonly keyboard: Keyboard;
  readonly #browser: Browser;

  private constructor(process: ChildProcess, page: Page, browser: Browser) {
    this.process = process;
    this.page = page;
    this.#browser = browser;
    this.keyboard = Keyboard.ofProcess(process.pid ?? 0);
  }

  static async open(program: string, env: NodeJS.ProcessEnv): Promise<PackagedWindow> {
    const words = ['--remote-debugging-port=0', `--user-data-dir=${join(env.HOME ?? '', 'profile')}`];
    const child = spawn(program, words, { ...user, env, cwd: env.HOME, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const address = await addressOf(child);
      await pageLoaded(new URL(address).port);
      const browser = await chromium.connectOverCDP(address);
      const page = browser.contexts()[0]?.pages()[0];
      if (!page) throw new Error('the package shows no page');
      return new PackagedWindow(child, page, browser);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Another window, as it opens. */
  async opens(doing: () => Promise<unknown> | unknown): Promise<Page> {
    const opened = this.page.context().waitForEvent('page');
    await doing();
    return opened;
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    await this.#browser.close();
    this.process.kill('SIGTERM');
    await ended;
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the window's program ended:\n${said}`)));
  });
}

/** Playwright's connection waits for ever for a page that is just about to become another one. */
async function pageLoaded(port: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/json`);
    const pages = (await answer.json()) as readonly { readonly title: string }[];
    if (pages.some(({ title }) => title === 'Hawser')) return;
    await sleep(100);
  }
}
