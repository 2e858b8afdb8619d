import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from './support/test.ts';

test.describe('Connect to Remote Session', () => {
  test('Ctrl+R opens the dialog from the dormant page, with a real key, and does not reload', async ({
    gui,
  }) => {
    await gui.expectDormant();
    await gui.page.evaluate(() => Object.assign(window, { notReloaded: true }));
    gui.keyboard.press('ctrl+r');
    await expect(gui.connectDialog).toBeVisible();
    await expect(gui.connectDialog.getByRole('textbox', { name: 'Connection string' })).toBeFocused();
    expect(await gui.page.evaluate(() => 'notReloaded' in window)).toBe(true);
    await gui.picture('connect-dialog');
    gui.keyboard.press('Escape');
    await expect(gui.connectDialog).toBeHidden();
  });

  test('the dormant page says what can be done, and menus grey what cannot', async ({ gui }) => {
    await gui.expectDormant();
    await expect(gui.page.getByRole('button', { name: /Connect to Remote Session/ })).toBeVisible();
    await expect(gui.page.getByRole('button', { name: /Open Executable/ })).toBeVisible();
    const usable = await Promise.all(
      [
        ['File', 'Open Executable'],
        ['File', 'Attach to a Process'],
        ['File', 'Open Crash Dump'],
        ['File', 'Connect to Remote Stub'],
        ['File', 'Disconnect from Remote Stub'],
        ['File', 'Share This Session'],
        ['Debug', 'Go'],
        ['Debug', 'Break'],
        ['Debug', 'Stop Debugging'],
        ['Edit', 'Find…'],
      ].map(([menu = '', entry = '']) => gui.enabled(menu, entry)),
    );
    expect(usable).toEqual([true, true, true, true, false, false, false, false, false, false]);
    await gui.picture('dormant');
  });

  test('what is typed is checked, the wrong word named, backslashes refused', async ({ gui }) => {
    await gui.choose('File', 'Connect to Remote Session');
    const dialog = gui.connectDialog;
    const text = dialog.getByRole('textbox', { name: 'Connection string' });
    await text.fill('tcp:server=birch,prot=5005');
    await expect(dialog).toContainText('"prot"');
    await gui.picture('connect-wrong-word');
    await text.fill('tcp:server=\\\\birch,port=5005');
    await expect(dialog).toContainText(/backslash/i);
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog).toBeVisible();
    await expect(text).toHaveValue('tcp:server=\\\\birch,port=5005');
    await text.fill('tcp:server=birch,port=5005');
    await expect(dialog).not.toContainText(/backslash.*refused|"prot"/i);
  });

  test('errors stay in the dialog with what was typed', async ({ gui, serve, wheel }) => {
    const { connection, port } = await serve([wheel], { password: 'fathom' });
    await gui.choose('File', 'Connect to Remote Session');
    const dialog = gui.connectDialog;
    await gui.fillConnect(connection, 'wrong');
    await expect(dialog).toContainText('Error 0x80004005');
    await expect(dialog.getByRole('textbox', { name: 'Connection string' })).toHaveValue(connection);
    await gui.picture('connect-wrong-password');

    await gui.fillConnect('tcp:server=localhost,port=1');
    await expect(dialog).toContainText('refused the connection');
    await gui.fillConnect('tcp:server=nowhere.invalid,port=5005');
    await expect(dialog).toContainText('nowhere.invalid was not found');

    await gui.fillConnect(`tcp:server=localhost,port=${port}`, 'fathom');
    await expect(dialog).toBeHidden();
    await gui.expectStopped();
  });

  test('a connect can be cancelled', async ({ gui }) => {
    // Takes connections and says nothing.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    silent.unref();
    await gui.choose('File', 'Connect to Remote Session');
    await gui.fillConnect(`tcp:server=127.0.0.1,port=${(silent.address() as AddressInfo).port}`);
    await expect(gui.connectDialog).toContainText('Connecting…');
    await gui.picture('connecting');
    await gui.connectDialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(gui.connectDialog).not.toContainText('Connecting…');
    await expect(gui.connectDialog).toBeVisible();
    await gui.connectDialog.getByRole('button', { name: 'Cancel' }).click();
    await gui.expectDormant();
  });

  test('recent connections are offered, without their password', async ({ gui, serve, wheel, openGui }) => {
    const { port } = await serve([wheel], { password: 'fathom' });
    await gui.connect(`tcp:server=localhost,port=${port},password=fathom`);
    await gui.expectStopped();
    await gui.close();
    const again = await openGui();
    const entry = again.page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: `${port}` });
    await expect(entry).toBeVisible();
    await expect(entry).not.toContainText('fathom');
    await again.picture('dormant-recent');
    await entry.click();
    await expect(again.connectDialog).toBeVisible();
    await again.connectDialog.getByLabel('Password', { exact: true }).fill('fathom');
    await again.connectDialog.getByRole('button', { name: 'OK' }).click();
    await again.expectStopped();
  });
});
