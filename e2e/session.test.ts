import { expect, test } from './support/test.ts';

test.describe('a remote session', () => {
  test('runs commands, shows *BUSY*, and breaks in from the Debug menu', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('bp wheel!turn');
    await gui.run('g');
    await expect(gui.log).toContainText('Breakpoint 0 hit');
    await gui.run('k');
    await expect(gui.log).toContainText('wheel!main');
    await gui.picture('session-stopped');
    await gui.run('bc *');
    await gui.run('g');
    await gui.expectBusy();
    expect(await gui.enabled('Debug', 'Go')).toBe(false);
    expect(await gui.enabled('File', 'Connect to Remote Session')).toBe(false);
    await gui.picture('session-busy');
    await gui.choose('Debug', 'Break');
    await gui.expectStopped();
    await expect.poll(() => gui.enabled('Debug', 'Break')).toBe(false);
  });

  for (const keys of ['ctrl+Break', 'alt+Delete']) {
    test(`${keys}, a real key, breaks in wherever the focus is`, async ({ gui, serve, wheel }) => {
      const { connection } = await serve([wheel]);
      await gui.connect(connection);
      const places = [
        gui.command,
        gui.log.locator('.cm-content'),
        gui.page.getByRole('button', { name: 'Copy all' }),
      ];
      for (const place of places) {
        await gui.expectStopped();
        await gui.run('g');
        await gui.expectBusy();
        await place.focus();
        gui.keyboard.press(keys);
        await gui.expectStopped();
      }
      // In a field of the page that has its own use for keys, and behind a dialog.
      await gui.run('g');
      await gui.expectBusy();
      await gui.choose('Edit', 'Find…');
      await gui.page.getByRole('textbox', { name: 'Find' }).focus();
      gui.keyboard.press(keys);
      await gui.expectStopped();
      await gui.run('g');
      await gui.expectBusy();
      await gui.choose('View', 'Clients');
      await expect(gui.dialog('Clients')).toBeVisible();
      gui.keyboard.press(keys);
      await gui.expectStopped();
    });
  }

  test('the keys of the Debug menu run and step, real ones', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel, '3']);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('bp wheel!main');
    await expect.poll(() => gui.enabled('Debug', 'Go')).toBe(true);
    gui.keyboard.press('F5');
    await expect(gui.log).toContainText('Breakpoint 0 hit');
    await gui.expectStopped();
    for (const [keys, command] of [
      ['F10', 'p'],
      ['F11', 't'],
      ['F8', 't'],
      ['ctrl+shift+F5', '.restart'],
    ] as const) {
      const echoes = gui.log.locator('.cm-line', {
        hasText: new RegExp(`^0:000> ${command.replace('.', '\\.')}$`),
      });
      const before = await echoes.count();
      await expect.poll(() => gui.enabled('Debug', 'Step Over')).toBe(true);
      gui.keyboard.press(keys);
      await expect.poll(() => echoes.count()).toBeGreaterThan(before);
      await gui.expectStopped();
    }
  });

  test('Stop Debugging leaves it, and one can connect again by Ctrl+R', async ({ gui, serve, wheel }) => {
    const { connection, child } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await expect.poll(() => gui.enabled('Debug', 'Stop Debugging')).toBe(true);
    gui.keyboard.press('shift+F5');
    const dialog = gui.dialog('Stop Debugging');
    await expect(dialog).toBeVisible();
    await gui.picture('stop-dialog');
    await dialog.getByRole('button', { name: /Leave the session/ }).click();
    await gui.expectDormant();
    await expect(gui.page.getByText('it goes on')).toBeVisible();
    await child.says('disconnected');
    gui.keyboard.press('ctrl+r');
    await gui.fillConnect(connection);
    await gui.expectStopped();
    await gui.choose('Debug', 'Stop Debugging');
    await dialog.getByRole('button', { name: /End the session and kill/ }).click();
    await gui.expectDormant();
    expect(await child.exited()).toBe(0);
  });

  test('qq ends it for all and leads back to dormant', async ({ gui, serve, wheel }) => {
    const { connection, child } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('qq');
    await gui.expectDormant();
    await expect(gui.page.getByText('The session was ended')).toBeVisible();
    await gui.picture('dormant-after-end');
    expect(await child.exited()).toBe(0);
  });

  test('.remote_exit leaves', async ({ gui, serve, wheel }) => {
    const { connection, child } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('.remote_exit');
    await gui.expectDormant();
    expect(child.ended).toBe(false);
  });

  test('a server killed outright: told in words, text stays, reconnect, give up', async ({
    gui,
    serve,
    wheel,
  }) => {
    const first = await serve([wheel]);
    await gui.connect(first.connection);
    await gui.expectStopped();
    await gui.run('.echo said before the cut');
    await expect(gui.log).toContainText('said before the cut');
    await first.child.kill();
    const lost = gui.page.getByRole('alert', { name: 'Link lost' });
    await expect(lost).toContainText('The link to the session was lost');
    await expect(gui.log).toContainText('said before the cut');
    await gui.picture('link-lost');
    expect(await gui.enabled('File', 'Connect to Remote Session')).toBe(false);

    await lost.getByRole('button', { name: 'Reconnect' }).click();
    await expect(lost).toContainText('refused the connection');
    // Nobody listens there: it stops trying by itself.
    const reconnect = lost.getByRole('button', { name: 'Reconnect', exact: true });
    await expect(reconnect).toBeEnabled();
    await serve([wheel], { port: first.port });
    await reconnect.click();
    await expect(lost).toBeHidden();
    await gui.expectStopped();

    await gui.run('qq');
    await gui.expectDormant();
  });

  test('a lost link that is given up leads back to dormant', async ({ gui, serve, wheel }) => {
    const { connection, child } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await child.kill();
    await gui.page.getByRole('button', { name: 'Give up' }).click();
    await gui.expectDormant();
    gui.keyboard.press('ctrl+r');
    await expect(gui.connectDialog).toBeVisible();
  });

  test('output of fifty thousand lines arrives whole, is found and copied', async ({ gui, serve }) => {
    const { compiled } = await import('./support/programs.ts');
    const { connection } = await serve([compiled('chatter'), '50000']);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('g');
    await expect(gui.log).toContainText('line 50000 of 50000');
    await gui.choose('Edit', 'Copy All');
    const clipboard = () => gui.app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(async () => (await clipboard()).includes('line 1 of 50000\n')).toBe(true);
    const numbers = [...(await clipboard()).matchAll(/^line (\d+) of 50000$/gm)].map(([, n]) => Number(n));
    expect(numbers).toEqual(Array.from({ length: 50_000 }, (_, i) => i + 1));
    gui.keyboard.press('ctrl+f');
    await gui.page.getByRole('textbox', { name: 'Find' }).fill('line 1234 of');
    await expect(gui.page.getByRole('search')).toContainText(/1 of 1|1 found/);
    await gui.page.getByRole('textbox', { name: 'Find' }).press('Enter');
    await expect(gui.log).toContainText('line 1234 of 50000');
    await gui.picture('find');
    gui.keyboard.press('ctrl+Break');
    await gui.expectStopped();
  });
});
