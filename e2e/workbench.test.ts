import { expect, test } from './support/test.ts';

test.describe('the workbench', () => {
  test('windows float, close, come back; the arrangement is kept, and reset', async ({ openGui, wheel }) => {
    const open = async () => {
      const gui = await openGui();
      await gui.choose('File', 'Open Executable');
      await gui.dialog('Open Executable').getByLabel('File name').fill(wheel);
      await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
      return gui;
    };
    const first = await open();
    const floating = first.page.locator('.dv-resize-container');
    await first.choose('Window', 'Float or Dock Window');
    await expect(floating.getByRole('tab', { name: 'Command' })).toBeVisible();
    await expect(first.command).toBeFocused();
    await first.picture('workbench-floating');
    await first.page.getByRole('button', { name: 'Close Command' }).click();
    await expect(first.log).toBeHidden();
    await first.picture('workbench-empty');
    first.keyboard.press('alt+1');
    await expect(first.command).toBeFocused();
    await first.choose('Window', 'Float or Dock Window');
    await expect(floating).toBeVisible();
    await first.close();

    const second = await open();
    await expect(second.page.locator('.dv-resize-container').getByRole('tab')).toHaveText(/Command/);
    await second.choose('Window', 'Reset Layout');
    await expect(second.page.locator('.dv-resize-container')).toHaveCount(0);
    await expect(second.command).toBeFocused();
  });
});
