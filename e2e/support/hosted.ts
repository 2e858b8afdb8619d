import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright';
import { expect as plainExpect } from 'playwright/test';
import { Gui, picture } from './gui.ts';
import { type HubAddress, makeHome, PASSWORD } from './hub.ts';
import { Keyboard } from './keyboard.ts';

/** As a regular expression. */
export const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A hub hashes passwords slowly, four programs share the machine. */
export const expect = plainExpect.configure({ timeout: 60_000 });

/** One person with a program instance, a user-data folder and a home of their own: as on a computer of their own. */
export class Person {
  readonly gui: Gui;
  /** The window of hosted sessions. */
  readonly place: Page;

  private constructor(gui: Gui, place: Page) {
    this.gui = gui;
    this.place = place;
  }

  static async open(folder: string, name: string, env: NodeJS.ProcessEnv = {}): Promise<Person> {
    const profile = join(folder, `${name}-profile`);
    const gui = await Gui.open({ profile, env: { ...makeHome(folder, name), ...env } });
    const opened = gui.app.waitForEvent('window');
    await gui.choose('File', 'Hosted Sessions');
    return new Person(gui, await opened);
  }

  /** Keys of the window system for the window of hosted sessions, whose native menu hears them. */
  get keyboard(): Keyboard {
    return Keyboard.ofProcessWindow(this.gui.app.process().pid ?? 0, '^Hosted Sessions');
  }

  /** @param named a name for pictures of the certificate that nobody vouches for */
  async reach(hub: HubAddress, named?: string): Promise<void> {
    await this.place.getByRole('textbox', { name: 'Hub' }).fill(hub.address);
    await this.place.getByRole('button', { name: 'Next' }).click();
    await expect(this.place.getByText(hub.fingerprint, { exact: true })).toBeVisible();
    if (named !== undefined) await this.picture(named);
    await this.place.getByRole('button', { name: 'Accept This Certificate' }).click();
    await expect(this.place.getByRole('heading', { name: 'Sign in to Harbour' })).toBeVisible();
  }

  async signIn(hub: HubAddress, email: string): Promise<void> {
    await this.reach(hub);
    await this.typePassword(email);
  }

  /** At a hub that was reached. */
  async typePassword(email: string): Promise<void> {
    await this.place.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await this.place.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.place.getByRole('button', { name: 'Sign In', exact: true }).click();
    await this.expectSignedIn();
  }

  async expectSignedIn(): Promise<void> {
    await expect(this.place.getByRole('tab', { name: 'Host Sessions' })).toBeVisible();
  }

  dialog(name: string | RegExp): Locator {
    return this.place.getByRole('dialog', { name });
  }

  row(name: string | RegExp): Locator {
    return this.place.getByRole('option', { name });
  }

  /** What is said about the session that is selected. */
  get details(): Locator {
    return this.place.getByRole('region', { name: /^About / });
  }

  async tab(name: 'Host Sessions' | 'Take Part'): Promise<void> {
    await this.place.getByRole('tab', { name }).click();
  }

  /** An entry of the Actions menu in the window. */
  async act(name: string | RegExp): Promise<void> {
    await this.place.getByRole('button', { name: 'Actions' }).click();
    await this.place.getByRole('menuitem', { name }).click();
  }

  /** An entry of the native Actions menu, by the keys that menus have; again where a busy machine was late with the menu. */
  async chooseByKeys(letter: string, dialog: Locator): Promise<void> {
    await expect(async () => {
      this.keyboard.press('Escape', 'alt+a');
      await sleep(200);
      this.keyboard.press(letter);
      await expect(dialog).toBeVisible({ timeout: 5000 });
    }).toPass();
  }

  /** The window that opens by `doing`. */
  async opens(doing: () => Promise<unknown>): Promise<View> {
    const [page] = await Promise.all([this.gui.app.waitForEvent('window'), doing()]);
    return new View(this, page);
  }

  async host(given: {
    debugger: string;
    arguments?: string;
    name: string;
    description?: string;
    /** A name for pictures of the dialog. */
    named?: string;
  }): Promise<View> {
    await this.act('Host Session…');
    const dialog = this.dialog('Host Session');
    await dialog.getByLabel('Debugger location').fill(given.debugger);
    await dialog.getByLabel('Arguments').fill(given.arguments ?? '');
    await dialog.getByLabel('Session name').fill(given.name);
    await dialog.getByLabel('Session description').fill(given.description ?? '');
    const ok = dialog.getByRole('button', { name: 'OK' });
    if (!/-remote/.test(given.arguments ?? '')) {
      await ok.click();
      await expect(dialog).toContainText('There is no -remote among the arguments.');
    }
    if (given.named !== undefined) await this.picture(given.named);
    const view = await this.opens(() => ok.click());
    await expect(dialog).toBeHidden();
    return view;
  }

  /** Invites, and gives back what the dialog says in the end. */
  async invite(session: string | RegExp, emails: readonly string[]): Promise<Locator> {
    await this.row(session).click();
    await this.act('Invite Client…');
    for (const email of emails) await this.find(email);
    return this.sendInvitations();
  }

  get inviteDialog(): Locator {
    return this.dialog('Invite Client');
  }

  /** In Invite Client: somebody who may be invited. */
  async find(email: string): Promise<void> {
    await this.lookFor(email);
    await expect(this.inviteDialog.getByRole('checkbox', { name: email })).toBeChecked();
  }

  async lookFor(email: string): Promise<void> {
    await this.inviteDialog.getByLabel('E-mail address').fill(email);
    await this.inviteDialog.getByRole('button', { name: 'Find' }).click();
  }

  async sendInvitations(): Promise<Locator> {
    await this.inviteDialog.getByRole('button', { name: 'OK' }).click();
    await expect(this.inviteDialog.getByRole('button', { name: 'Close' })).toBeVisible();
    return this.inviteDialog;
  }

  async pasteLink(link: string): Promise<Locator> {
    await this.act('Take Part…');
    const dialog = this.dialog('Take Part');
    await dialog.getByLabel('Invitation link').fill(link);
    return dialog;
  }

  async takePart(link: string): Promise<View> {
    const dialog = await this.pasteLink(link);
    return this.opens(() => dialog.getByRole('button', { name: 'OK' }).click());
  }

  /** What a link that is not taken is answered with. */
  async refused(link: string, words: RegExp): Promise<Locator> {
    const dialog = await this.pasteLink(link);
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog.getByRole('alert')).toContainText(words);
    return dialog;
  }

  picture(name: string): Promise<void> {
    return picture(this.place, name);
  }

  close(): Promise<void> {
    return this.gui.close();
  }
}

/** The Command window of a hosted session. */
export class View {
  readonly person: Person;
  readonly page: Page;

  constructor(person: Person, page: Page) {
    this.person = person;
    this.page = page;
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Command window' });
  }

  get command(): Locator {
    return this.page.getByRole('textbox', { name: 'Command', exact: true });
  }

  get status(): Locator {
    return this.page.getByRole('region', { name: 'Status' });
  }

  /** Keys of the window system for the window of a session. */
  keyboard(session: string): Keyboard {
    const title = `^${escaped(session)} - Hosted Session`;
    return Keyboard.ofProcessWindow(this.person.gui.app.process().pid ?? 0, title);
  }

  /** The lines on screen. */
  async shown(): Promise<string> {
    return (await this.log.locator('.cm-line').allInnerTexts()).join('\n');
  }

  async run(command: string): Promise<void> {
    await this.type(command);
    await expect(this.command).toHaveValue('');
  }

  async type(command: string): Promise<void> {
    await this.command.fill(command);
    await this.command.press('Enter');
  }

  /** The session has ended, and the agent's last line is there. */
  async expectEnded(): Promise<void> {
    await expect(this.status).toContainText('Terminated');
    await expect.poll(() => this.shown()).toMatch(/^Session terminated: /m);
  }

  /** All of it, as Copy all gives it. */
  async text(): Promise<string> {
    await this.person.gui.app.evaluate(({ clipboard }) => clipboard.writeText(''));
    await this.page.getByRole('button', { name: 'Copy all' }).click();
    let text = '';
    await expect
      .poll(async () => {
        text = await this.person.gui.app.evaluate(({ clipboard }) => clipboard.readText());
        return text !== '';
      })
      .toBe(true);
    return text;
  }

  picture(name: string): Promise<void> {
    return picture(this.page, name);
  }

  /** Close: the window only. */
  async close(): Promise<void> {
    const closed = this.page.waitForEvent('close');
    await this.page.evaluate(() => window.close());
    await closed;
  }
}
