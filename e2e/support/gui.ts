import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright';
import { expect } from 'playwright/test';
import { Keyboard } from './keyboard.ts';
import { root, screens } from './paths.ts';

export interface GuiOptions {
  /** The folder that stands for a user's own: settings, history, recent list. */
  readonly profile: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The built program, used as a person does. */
export class Gui {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly keyboard: Keyboard;

  private constructor(app: ElectronApplication, page: Page) {
    this.app = app;
    this.page = page;
    this.keyboard = Keyboard.ofProcess(app.process().pid ?? 0);
  }

  /**
   * Electron is found through ELECTRON_OVERRIDE_DIST_PATH: only then does Playwright hold the program back until it
   * listens; with `executablePath` it may miss the window and wait for ever.
   */
  static async open({ profile, env = {} }: GuiOptions): Promise<Gui> {
    const app = await _electron.launch({
      args: [`--user-data-dir=${profile}`, root],
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...process.env, ...env } as Record<string, string>,
    });
    return new Gui(app, await app.firstWindow());
  }

  async close(): Promise<void> {
    await this.app.close();
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Command window' });
  }

  get command(): Locator {
    return this.page.getByRole('textbox', { name: 'Command', exact: true });
  }

  get prompt(): Locator {
    return this.page.getByTestId('prompt');
  }

  get startPage(): Locator {
    return this.page.getByRole('heading', { name: 'Hawser', exact: true });
  }

  /** The lines on screen. (`innerText` of the log sees none of them: the editor is in a shadow tree.) */
  async shown(): Promise<string> {
    return (await this.log.locator('.cm-line').allInnerTexts()).join('\n');
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name });
  }

  get connectDialog(): Locator {
    return this.dialog('Connect to Remote Debugger Session');
  }

  get stubDialog(): Locator {
    return this.dialog('Connect to Remote Stub Server');
  }

  /** Connected to a stub, and nothing attached. */
  get stubBanner(): Locator {
    return this.page.getByText(/^Connected to process server:/);
  }

  async connectStub(connection: string, password?: string): Promise<void> {
    await this.choose('File', 'Connect to Remote Stub');
    await this.fillConnect(connection, password, this.stubDialog);
    await expect(this.stubDialog).toBeHidden();
  }

  /** Answers a request of the page in the main process's place; 'never' leaves it waiting. For what no machine here has. */
  async answer(request: string, value: unknown): Promise<void> {
    await this.app.evaluate(
      ({ BrowserWindow }, fixed) => {
        type Handler = (event: unknown, name: string, args: unknown) => unknown;
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const channel = 'hawser/request';
        const handlers = contents?.ipc as unknown as { _invokeHandlers: Map<string, Handler> };
        const real = handlers._invokeHandlers.get(channel);
        if (!contents || !real) throw new Error('the page has no requests that could be answered');
        contents.ipc.removeHandler(channel);
        contents.ipc.handle(channel, (event, name: string, args: unknown) => {
          if (name !== fixed.request) return real(event, name, args);
          return fixed.value === 'never' ? new Promise(() => {}) : { ok: true, value: fixed.value };
        });
      },
      { request, value },
    );
  }

  title(): Promise<string> {
    return this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');
  }

  /** Whether a menu entry can be used now; null when there is none. `entry`: how its label begins. */
  enabled(menu: string, entry: string): Promise<boolean | null> {
    return this.#item(menu, entry, false);
  }

  /** Chooses a menu entry as a click on it does, once it can be used: looked at and clicked in one, or it may have gone grey between. */
  async choose(menu: string, entry: string): Promise<void> {
    await expect
      .poll(() => this.#item(menu, entry, true), { message: `${menu}, ${entry} can be used` })
      .toBe(true);
  }

  #item(menu: string, entry: string, click: boolean): Promise<boolean | null> {
    return this.app.evaluate(
      ({ Menu, BrowserWindow }, wanted) => {
        const plain = (label: string) => label.replace('&', '');
        const inside = Menu.getApplicationMenu()?.items.find((item) => plain(item.label) === wanted.menu);
        const item = inside?.submenu?.items.find((one) => plain(one.label).startsWith(wanted.entry));
        // As it was before the click, which may grey it.
        const enabled = item ? item.enabled : null;
        if (wanted.click && enabled) item?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
        return enabled;
      },
      { menu, entry, click },
    );
  }

  async connect(connection: string, password?: string): Promise<void> {
    await this.choose('File', 'Connect to Remote Session');
    await this.fillConnect(connection, password);
    await expect(this.connectDialog).toBeHidden();
    await expect(this.log).toBeVisible();
  }

  async fillConnect(connection: string, password?: string, dialog = this.connectDialog): Promise<void> {
    await dialog.getByRole('textbox', { name: 'Connection string' }).fill(connection);
    if (password !== undefined) await dialog.getByLabel('Password', { exact: true }).fill(password);
    await dialog.getByRole('button', { name: 'OK' }).click();
  }

  /** Types a command and ENTER. */
  async run(command: string): Promise<void> {
    await this.command.fill(command);
    await this.command.press('Enter');
  }

  async expectStopped(): Promise<void> {
    await expect(this.prompt).toHaveText(/^\d+:\d+>$/, { timeout: 30_000 });
  }

  async expectBusy(): Promise<void> {
    await expect(this.prompt).toHaveText('*BUSY*');
  }

  async expectDormant(): Promise<void> {
    await expect(this.startPage).toBeVisible();
    await expect.poll(() => this.enabled('File', 'Connect to Remote Session')).toBe(true);
  }

  /** Pictures in both themes. */
  picture(name: string): Promise<void> {
    return picture(this.page, name);
  }
}

/** Of any window, in both themes. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screens, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const path = join(screens, `${name}-${colorScheme}.png`);
    // Chromium refuses while it has no frame yet, as on a busy machine.
    await expect(() => page.screenshot({ path })).toPass({ timeout: 30_000 });
  }
  await page.emulateMedia({ colorScheme: null });
}
