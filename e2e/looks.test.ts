import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings } from './support/axe.ts';
import type { Gui } from './support/gui.ts';
import { screens } from './support/paths.ts';
import { compiled } from './support/programs.ts';
import { expect, test } from './support/test.ts';

test.use({ windows: 'default' });
// Many looks at one program; alone each takes a fraction of that.
test.describe.configure({ timeout: 240_000 });

const themes = ['light', 'dark', 'classic', 'contrast'] as const;
type Theme = (typeof themes)[number];

/** Every window of the workbench, by what its tab says. */
const windows = [
  'Disassembly',
  'Source',
  'Watch',
  'Registers',
  'Locals',
  'Threads',
  'Breakpoints',
  'Memory',
  'Modules',
  'Call Stack',
];

const dormantDialogs: readonly (readonly [menu: string, entry: string, dialog: string])[] = [
  ['File', 'Open Executable', 'Open Executable'],
  ['File', 'Attach to a Process', 'Attach to Process'],
  ['File', 'Open Crash Dump', 'Open Crash Dump'],
  ['File', 'Connect to Remote Session', 'Connect to Remote Debugger Session'],
  ['File', 'Connect to Remote Stub', 'Connect to Remote Stub Server'],
  ['File', 'Kernel Debug', 'Kernel Debugging'],
  ['File', 'Symbol File Path', 'Symbol Search Path'],
  ['View', 'Settings', 'Settings'],
  ['Help', 'Keyboard', 'Settings'],
  ['Help', 'About', 'About Hawser'],
];
const sessionDialogs: typeof dormantDialogs = [
  ['File', 'Share This Session', 'Share This Session'],
  ['View', 'Servers', 'Servers'],
  ['View', 'Clients', 'Clients'],
  ['View', 'Command Palette', 'Command palette'],
  ['Help', 'Commands', 'Keyboard and Commands'],
  ['Edit', 'Open Log File', 'Open Log File'],
  ['Debug', 'Stop Debugging', 'Stop Debugging'],
];

/** As the window shows itself, at any zoom; the driver's own picture has but the corner of a page that is zoomed. */
async function picture(gui: Gui, name: string): Promise<void> {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await gui.page.evaluate(drawn);
  const png = await gui.app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
    return image?.toPNG().toString('base64') ?? '';
  });
  mkdirSync(screens, { recursive: true });
  writeFileSync(join(screens, `${name}.png`), Buffer.from(png, 'base64'));
}

const set = (gui: Gui, change: object) =>
  gui.page.evaluate((wanted) => {
    const { invoke } = Reflect.get(window, 'hawser') as { invoke(name: string, args: unknown): unknown };
    return invoke('settings/set', wanted);
  }, change);

let turn = 0;

/** Themes differ in colours alone. All of them at HAWSER_FULL; else one after the other takes its turn. */
function themesNow(): readonly Theme[] {
  const now = turn++ % themes.length;
  return process.env.HAWSER_FULL ? themes : themes.filter((_, index) => index === now);
}

/** What axe finds, with where and in which theme it was. */
async function findings(gui: Gui, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const [index, theme] of themesNow().entries()) {
    await set(gui, { theme });
    await expect(gui.page.locator('html')).toHaveAttribute('data-theme', theme);
    const rules = index === 0 ? undefined : ['color-contrast'];
    for (const each of await axeFindings(gui.page, rules)) found.push(`${where}, ${theme}: ${each}`);
  }
  return found;
}

async function dialogFindings(gui: Gui, dialogs: typeof dormantDialogs): Promise<string[]> {
  const found: string[] = [];
  for (const [menu, entry, title] of dialogs) {
    await gui.choose(menu, entry);
    const dialog = gui.page.getByRole('dialog', { name: title, exact: true });
    await expect(dialog).toBeVisible();
    found.push(...(await findings(gui, `${menu}, ${entry}`)));
    if (process.env.HAWSER_FULL) await picture(gui, `dialog-${entry.toLowerCase().replaceAll(' ', '-')}`);
    gui.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  return found;
}

test('axe finds nothing serious in any dialog, in any theme', async ({ gui }) => {
  await gui.expectDormant();
  const found = await findings(gui, 'the first page');
  expect([...found, ...(await dialogFindings(gui, dormantDialogs))]).toEqual([]);
});

test('axe finds nothing serious in any window, in any theme, at 200 % too', async ({ gui }) => {
  await gui.choose('File', 'Open Executable');
  await gui.dialog('Open Executable').getByLabel('File name').fill(compiled('wheel'));
  await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
  await gui.run('bp wheel!turn; g');
  await expect(gui.page.getByRole('grid', { name: 'Call stack' })).toContainText('wheel!turn');
  const found: string[] = [];
  for (const title of windows) {
    const tab = gui.page.getByRole('tab', { name: title, exact: true });
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    found.push(...(await findings(gui, title)));
  }
  found.push(...(await dialogFindings(gui, sessionDialogs)));
  for (const theme of process.env.HAWSER_FULL ? themes : themes.slice(0, 2)) {
    await set(gui, { theme, zoom: 1 });
    await expect(gui.page.locator('html')).toHaveAttribute('data-theme', theme);
    await expect.poll(() => gui.page.evaluate(() => window.innerWidth)).toBeGreaterThan(800);
    await picture(gui, `look-${theme}`);
    await set(gui, { zoom: 2 });
    await expect.poll(() => gui.page.evaluate(() => window.innerWidth)).toBeLessThan(800);
    for (const each of await axeFindings(gui.page, ['color-contrast', 'target-size']))
      found.push(`200 %, ${theme}: ${each}`);
    await picture(gui, `look-${theme}-200`);
  }
  expect(found).toEqual([]);
});
