import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';
test.use({ windows: 'default' });
test('x', async ({ gui, wheel, profile }) => {
  gui.page.on('console', (m) => console.log('CONSOLE', m.type(), m.text()));
  gui.app.on('window', (w) => console.log('WINDOW', w.url()));
  await gui.choose('File', 'Open Executable');
  await gui.dialog('Open Executable').getByLabel('File name').fill(wheel);
  await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
  gui.keyboard.press('alt+4');
  await expect(gui.page.getByRole('treegrid', { name: 'Registers' })).toBeFocused();
  await gui.choose('Window', 'To a Window of Its Own');
  await new Promise((r) => setTimeout(r, 8000));
  console.log(readFileSync(join(profile, 'logs', 'hawser.log'), 'utf8').slice(-3000));
  console.log(await gui.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.webContents.getURL())));
});
