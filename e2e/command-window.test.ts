import { ports } from './support/ports.ts';
import { expect, test } from './support/test.ts';

test.describe('the Command window', () => {
  test('history across starts, by Up and Down; never what holds a password', async ({
    openGui,
    serve,
    wheel,
  }) => {
    const { connection } = await serve([wheel]);
    const gui = await openGui();
    await gui.connect(connection);
    await gui.expectStopped();
    for (const command of ['.echo first', '.echo second']) await gui.run(command);
    await expect(gui.log).toContainText('second');
    await gui.run(`.server tcp:port=${ports},bind=127.0.0.1,password=fathom`);
    await expect(gui.log).toContainText('Server started.');
    const shown = await gui.shown();
    expect(shown).toContain('Server started.');
    expect(shown).not.toContain('fathom');
    await gui.close();

    const again = await openGui();
    await again.connect(connection);
    await again.expectStopped();
    await again.command.focus();
    again.keyboard.press('Up');
    await expect(again.command).toHaveValue('.echo second');
    again.keyboard.press('Up');
    await expect(again.command).toHaveValue('.echo first');
    again.keyboard.press('Down');
    await expect(again.command).toHaveValue('.echo second');
  });

  test('completes the names of commands', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.command.fill('.ser');
    await gui.command.press('Tab');
    const offers = gui.page.getByRole('listbox', { name: 'Completions' });
    await expect(offers.getByRole('option', { name: /\.servers/ })).toBeVisible();
    await gui.picture('completion');
    await gui.command.press('Escape');
    await gui.command.fill('.echo a');
    await gui.command.press('Enter');
    await expect(gui.log).toContainText('.echo a');
  });

  test('several lines pasted run one after the other', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.app.evaluate(({ clipboard }) => clipboard.writeText('.echo one\n.echo two\n.echo three\n'));
    await gui.command.focus();
    gui.keyboard.press('ctrl+v');
    await expect(gui.log).toContainText('three');
    const lines = await gui.log.locator('.cm-line').allInnerTexts();
    expect(lines.filter((line) => /^(one|two|three)$/.test(line))).toEqual(['one', 'two', 'three']);
  });

  test('.cls empties it, .wtitle names the window', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    const title = () =>
      gui.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((each) => each.getTitle()));
    const before = await title();
    await gui.run('.wtitle the search; for it');
    await expect.poll(title).toEqual(['the search; for it']);
    await gui.run('.echo marked');
    await expect(gui.log).toContainText('marked');
    await gui.run('.cls');
    await expect(gui.log).not.toContainText('marked');
    await gui.run('.wtitle');
    await expect.poll(title).toEqual(before);
    await gui.run('k; .cls');
    await expect(gui.log).toContainText('it belongs to the front');
  });

  test('an unknown command says what was wrong and where', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.run('nonsense 1');
    await expect(gui.log).toContainText(/\^ .*nonsense/);
    await gui.picture('syntax-error');
  });
});
