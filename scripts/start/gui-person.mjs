// The steps of the tour, by the names that a person reads on the screen.

/** @typedef {import('playwright').ElectronApplication} App */
/** @typedef {import('playwright').Page} Window */

const patience = 20_000;

/**
 * Chooses a menu entry as a click on it does.
 * @param {App} app
 * @param {string} menu
 * @param {string} entry how its label begins
 */
async function choose(app, menu, entry) {
  const chosen = await app.evaluate(
    ({ Menu, BrowserWindow }, wanted) => {
      const plain = (/** @type {string} */ label) => label.replace('&', '');
      const items = Menu.getApplicationMenu()?.items ?? [];
      const inside = items.find((item) => plain(item.label) === wanted.menu)?.submenu?.items ?? [];
      const item = inside.find((one) => plain(one.label).startsWith(wanted.entry));
      if (!item?.enabled) return false;
      item.click({}, BrowserWindow.getAllWindows()[0]);
      return true;
    },
    { menu, entry },
  );
  if (!chosen) throw new Error(`The menu ${menu} has no ${entry} that can be used now`);
}

/** @param {Window} window */
const log = (window) => window.getByRole('log', { name: 'Command window' });

/** @param {Window} window */
const commandLine = (window) => window.getByRole('textbox', { name: 'Command', exact: true });

/** What the Command window shows: the lines on screen. @param {Window} window */
const shown = async (window) => (await log(window).locator('.cm-line').allInnerTexts()).join('\n');

/**
 * @param {App} app
 * @param {Window} window
 * @param {string} connection
 * @param {string} password
 */
export async function connect(app, window, connection, password) {
  await window.getByRole('button', { name: /Connect to Remote Session/ }).waitFor({ timeout: patience });
  await choose(app, 'File', 'Connect to Remote Session');
  const dialog = window.getByRole('dialog', { name: 'Connect to Remote Debugger Session' });
  await dialog.getByRole('textbox', { name: 'Connection string' }).fill(connection);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'OK' }).click();
  const refusal = dialog.getByRole('alert');
  const refused = refusal.waitFor({ timeout: patience }).then(
    () => true,
    () => false,
  );
  if (await Promise.race([refused, dialog.waitFor({ state: 'hidden', timeout: patience })])) {
    throw new Error(`The dialog says: ${await refusal.innerText()}`);
  }
  await log(window).waitFor({ timeout: patience });
}

/** @param {Window} window */
const prompt = (window) => window.getByTestId('prompt').innerText();

/**
 * Waits until `done` says so of the prompt and what is shown, and nothing changes any more.
 * @param {Window} window
 * @param {string} what for the error
 * @param {(prompt: string, shown: string) => boolean} done
 */
async function settle(window, what, done) {
  const until = Date.now() + patience;
  let last = '';
  for (;;) {
    const now = await shown(window);
    if (now === last && done(await prompt(window), now)) return now;
    if (Date.now() > until)
      throw new Error(`${what}: nothing for ${patience / 1000} seconds. On screen:\n${now}`);
    last = now;
    await window.waitForTimeout(250);
  }
}

const busy = '*BUSY*';

/** @param {App} app @param {Window} window */
export async function breakIn(app, window) {
  await window.getByTestId('prompt').filter({ hasText: busy }).waitFor({ timeout: patience });
  // Long enough for the program to have something to say.
  await window.waitForTimeout(2500);
  await choose(app, 'Debug', 'Break');
  return settle(window, 'Break', (now) => now !== '' && now !== busy);
}

/**
 * Types a command and waits for its end.
 * @param {Window} window
 * @param {string} command
 * @returns {Promise<string>} the line with it, and its answer
 */
export async function run(window, command) {
  const before = await shown(window);
  const line = `${await prompt(window)} ${command}`;
  await commandLine(window).fill(command);
  await commandLine(window).press('Enter');
  const after = await settle(
    window,
    command,
    (now, text) => now !== '' && now !== busy && text !== before && text.includes(line),
  );
  return after.slice(after.lastIndexOf(line));
}
