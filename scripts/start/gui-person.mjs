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

/** @param {Window} window */
export const transcript = (window) => log(window).innerText();

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
  await dialog.waitFor({ state: 'hidden', timeout: patience });
  await log(window).waitFor({ timeout: patience });
}

/** @param {App} app @param {Window} window */
export async function breakIn(app, window) {
  await window.getByText('*BUSY*').first().waitFor({ timeout: patience });
  await choose(app, 'Debug', 'Break');
  await window.getByText('*BUSY*').first().waitFor({ state: 'hidden', timeout: patience });
}

/**
 * @param {Window} window
 * @param {string} command
 */
export async function run(window, command) {
  const before = (await transcript(window)).length;
  await commandLine(window).fill(command);
  await commandLine(window).press('Enter');
  const until = Date.now() + patience;
  // Answered and quiet: more text than before, and none added since the last look.
  for (let last = before; ; await window.waitForTimeout(250)) {
    const now = (await transcript(window)).length;
    if (now > before && now === last) return;
    if (Date.now() > until) throw new Error(`No answer to ${command}`);
    last = now;
  }
}
