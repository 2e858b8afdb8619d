import { expect, test } from './support/test.ts';

test.describe('links in the Command window', () => {
  test('run their command by mouse and by keyboard', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('lm');
    const link = gui.log.locator('.dml-link', { hasText: /^libc_so$/ });
    await expect(link).toBeVisible();
    await gui.picture('links');
    await link.click();
    await expect(gui.log).toContainText('Image name: libc.so.6');
    await expect(gui.log).toContainText('lmv m libc_so');

    await gui.run('.cls');
    await gui.run('k 3');
    await expect(gui.log.locator('.dml-link').first()).toBeVisible();
    await gui.log.locator('.cm-content').focus();
    await gui.page.keyboard.press('Control+Home');
    await gui.page.keyboard.press('Tab');
    await gui.page.keyboard.press('Enter');
    await expect(gui.log).toContainText('.frame 0x0; dv /t /v');

    // Breakpoints, code and what there is to begin with.
    await gui.run('.cls');
    await gui.run('bp main; bl');
    await gui.log.locator('.dml-link', { hasText: /^e$/ }).click();
    await expect(gui.log).toContainText('bd 0; bl');
    await gui.run('.cls');
    await gui.run('uf /c main');
    await gui.log.locator('.dml-link').last().click();
    await expect(gui.log).toContainText(/> uf \/c 0x[0-9a-f]+/);
    await gui.run('.cls');
    await gui.run('.dml_start');
    await gui.log.locator('.dml-link', { hasText: 'Threads' }).click();
    await expect(gui.log).toContainText('Suspend: 1');
    await gui.run('bc *');
  });

  test('are text where a program has written them, and looked at first where somebody else has', async ({
    gui,
    serve,
    wheel,
  }) => {
    const { connection, child } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('.printf "<exec cmd=\\"k\\">no link</exec>\\n"');
    await expect(gui.log).toContainText('<exec cmd="k">no link</exec>');
    await gui.run('.printf /D "<exec cmd=\\".echo mine\\">my own</exec>\\n"');
    await gui.log.locator('.dml-link', { hasText: 'my own' }).click();
    await expect(gui.log.locator('.cm-line', { hasText: /^mine$/ })).toBeVisible();
    child.type('.printf /D "<exec cmd=\\".echo theirs\\">another</exec>\\n"');
    await gui.log.locator('.dml-foreign', { hasText: 'another' }).click();
    await expect(gui.command).toHaveValue('.echo theirs');
    await expect(gui.log.locator('.cm-line', { hasText: /^theirs$/ })).toHaveCount(0);
  });
});
