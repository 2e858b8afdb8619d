import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings } from './support/axe.ts';
import { crashPage } from './support/crash.ts';
import type { Gui } from './support/gui.ts';
import { expect, test } from './support/test.ts';

test.use({ windows: 'default' });

const openExecutable = async (gui: Gui, program: string) => {
  await gui.choose('File', 'Open Executable');
  await gui.dialog('Open Executable').getByLabel('File name').fill(program);
  await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
};

test.describe('actions', () => {
  test('the command palette finds, says keys and command, runs; shortcuts can be changed', async ({
    gui,
    wheel,
    profile,
  }) => {
    const { page, keyboard } = gui;
    await openExecutable(gui, wheel);
    await gui.run('bp wheel!turn; g');
    await gui.expectStopped();

    keyboard.press('ctrl+shift+p');
    const palette = gui.dialog('Command palette');
    const search = palette.getByRole('combobox', { name: 'Search for an action' });
    await expect(search).toBeFocused();
    const marked = palette.getByRole('option', { selected: true });
    await search.pressSequentially('stin');
    await expect(marked).toHaveText(/Debug: Step Into\s*t\s*F11F8/);
    await expect(search).toHaveAttribute('aria-activedescendant', (await marked.getAttribute('id')) ?? '');
    await gui.picture('palette');
    expect(await axeFindings(page)).toEqual([]);
    keyboard.press('Return');
    await expect(palette).toBeHidden();
    await expect(gui.log).toContainText('0:000> t');
    await expect(gui.command).toBeFocused();

    // What cannot be used now is there, and does nothing.
    keyboard.press('ctrl+shift+p');
    await search.fill('Break');
    await palette.getByRole('option', { name: /^Debug: Break/ }).click({ force: true });
    await expect(palette).toBeVisible();
    keyboard.press('Escape');
    await expect(palette).toBeHidden();

    await gui.choose('Help', 'Keyboard');
    const settings = gui.dialog('Settings');
    const table = settings.getByRole('grid', { name: 'Shortcuts' });
    await settings.getByRole('textbox', { name: 'Filter the actions' }).fill('step over');
    await table.getByRole('row', { name: /Step Over/ }).click();
    keyboard.press('Return');
    await expect(settings.getByRole('status').filter({ hasText: 'Press the keys' })).toBeVisible();
    keyboard.press('a');
    await expect(settings).toContainText('A is for typing or moving about');
    keyboard.press('F5');
    await expect(settings).toContainText('F5 is Go.');
    await gui.picture('settings-shortcuts');
    await settings.getByRole('button', { name: 'Take It from There' }).click();
    await expect(table.getByRole('row', { name: /Step Over/ })).toContainText('F5');
    keyboard.press('Escape');
    await expect(settings).toBeHidden();
    keyboard.press('alt+1', 'F5');
    await expect(gui.log).toContainText('0:000> p');
    const kept = () => JSON.parse(readFileSync(join(profile, 'settings.json'), 'utf8')).shortcuts;
    expect(kept()).toEqual({ stepOver: ['F5'], go: [] });

    // Where they are in the table again, so is the key.
    await gui.choose('Help', 'Keyboard');
    await settings.getByRole('button', { name: 'Reset All' }).click();
    await expect.poll(kept).toBeUndefined();
    keyboard.press('Escape');
    await expect(settings).toBeHidden();
  });

  test('settings: a file with mistakes, themes, zoom; paths of a session; a workspace comes back', async ({
    openGui,
    wheel,
    profile,
  }) => {
    const file = join(profile, 'settings.json');
    writeFileSync(file, JSON.stringify({ theme: 'classic', zoom: 40, monoSize: 15 }));
    const first = await openGui();
    await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'classic');
    first.keyboard.press('ctrl+comma');
    const settings = first.dialog('Settings');
    await expect(settings).toContainText('zoom: 40');
    await expect(settings.getByLabel('Its size, pixels')).toHaveValue('15');
    await settings.getByLabel('High contrast').check();
    await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'contrast');
    await first.picture('settings-look');
    await settings.getByLabel('Zoom, percent').fill('125');
    first.keyboard.press('Return');
    await expect(settings).not.toContainText('zoom: 40');
    await settings.getByRole('tab', { name: 'Paths and Behaviour' }).click();
    await settings.getByLabel('Source path of new sessions').fill('/srv/sources');
    first.keyboard.press('Return');
    const written = () => JSON.parse(readFileSync(file, 'utf8'));
    await expect
      .poll(written)
      .toMatchObject({ theme: 'contrast', zoom: 1.25, monoSize: 15, sourcePath: '/srv/sources' });
    expect(await axeFindings(first.page)).toEqual([]);
    first.keyboard.press('Escape');
    await expect(settings).toBeHidden();

    await openExecutable(first, wheel);
    first.keyboard.press('ctrl+p');
    const paths = first.dialog('Source Search Path');
    const folders = paths.getByRole('textbox', { name: /Folders with sources/ });
    await expect(folders).toHaveValue('/srv/sources');
    await folders.fill('/srv/sources\n/srv/more');
    await paths.getByRole('button', { name: 'OK' }).click();
    await expect(first.log).toContainText('Source search path is: /srv/sources;/srv/more');
    await first.run('bp wheel!turn; bu wheel!main /w "argc > 0"');
    await first.choose('Window', 'Float or Dock Window');
    await expect(first.page.locator('.dv-resize-container')).toBeVisible();
    await first.choose('File', 'Save Workspace');
    await expect(first.log).toContainText(
      /Workspace saved for .*wheel: .* its paths and 1 of its|with its paths and 2/,
    );
    await first.choose('Debug', 'Stop Debugging');
    await first.page
      .getByRole('button', { name: /End|Kill/ })
      .first()
      .click();
    await first.expectDormant();

    // One key, and it is as it was.
    await first.page.locator('body').press('1');
    await first.expectStopped();
    await expect(first.page.locator('.dv-resize-container')).toBeVisible();
    await expect(first.log).toContainText('.srcpath /srv/sources;/srv/more');
    await first.run('bl');
    await expect(first.log).toContainText('wheel!turn');
  });

  test('a window of its own; the page crashes, and all is as it was', async ({ gui, wheel }) => {
    await openExecutable(gui, wheel);
    await gui.run('.echo before the crash');
    await expect(gui.log).toContainText('before the crash');
    gui.keyboard.press('alt+4');
    await expect(gui.page.getByRole('treegrid', { name: 'Registers' })).toBeFocused();
    const opened = gui.app.waitForEvent('window');
    await gui.choose('Window', 'To a Window of Its Own');
    const popout = await opened;
    const registers = popout.getByRole('treegrid', { name: 'Registers' });
    await expect(registers).toBeFocused();
    expect(popout.url()).toBe('hawser://app/popout.html');
    expect(await popout.evaluate(() => typeof Reflect.get(window, 'hawser'))).toBe('undefined');
    await popout.screenshot({ path: 'test-results/screens/workbench-popout.png' });
    expect(await axeFindings(popout)).toEqual([]);

    // The page may open nothing else.
    const refused = await gui.page.evaluate(() =>
      ['hawser://app/index.html', 'hawser://app/popout.html?x', 'https://example.com/'].map((url) =>
        window.open(url),
      ),
    );
    expect(refused).toEqual([null, null, null]);

    const text = await crashPage(gui, { main: 'before the crash', popout: 'rip' });
    expect(text.main).toContain('before the crash');
    expect(text.main).toContain('Call Stack');
    expect(text.windows).toBe(2);
    expect(text.popout).toContain('Registers');
  });
});
