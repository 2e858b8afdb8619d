import type { Gui } from './support/gui.ts';
import { expect, test } from './support/test.ts';

test.describe('completion by TAB', () => {
  const offers = (gui: Gui) => gui.page.getByRole('listbox', { name: 'Completions' });
  /** Typed, then the key of the window system itself. */
  const completed = async (gui: Gui, typed: string, whole: string): Promise<void> => {
    await gui.command.fill(typed);
    gui.keyboard.press('Tab');
    await expect(gui.command).toHaveValue(whole);
    await expect(offers(gui)).toHaveCount(0);
  };

  test('knows commands, options, symbols, types, modules and registers', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.command.focus();
    await completed(gui, '.allow_e', '.allow_exec_cmds');
    await completed(gui, 'k; !analy', 'k; !analyze');
    await completed(gui, '.hh .logo', '.hh .logopen');
    await completed(gui, 'bm /d wheel!tu', 'bm /d wheel!turn');
    await completed(gui, 'bp whe*!tu', 'bp wheel!turn');
    await completed(gui, 'dt wheel!wh', 'dt wheel!wheel');
    await completed(gui, 'lmvm whe', 'lmvm wheel');
    await completed(gui, 'r ri', 'r rip');
    await completed(gui, '? @$exe', '? @$exentry');
    await completed(gui, 'wt -oR', 'wt -oR');
  });

  test('offers what may be meant, and the keys choose', async ({ gui, serve, wheel }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    await gui.command.focus();
    await gui.command.fill('bp /');
    gui.keyboard.press('Tab');
    const option = (name: string) => offers(gui).getByRole('option', { name: new RegExp(`^${name} `) });
    await expect(option('/1')).toHaveAttribute('aria-selected', 'true');
    gui.keyboard.press('Down');
    await expect(option('/C')).toHaveAttribute('aria-selected', 'true');
    gui.keyboard.press('shift+Tab');
    await expect(option('/1')).toHaveAttribute('aria-selected', 'true');
    gui.keyboard.press('shift+Tab');
    await expect(option('/w')).toHaveAttribute('aria-selected', 'true');
    await gui.picture('completion-options');
    gui.keyboard.press('Return');
    await expect(gui.command).toHaveValue('bp /w');
    // No more than a hundred of a library's symbols, at once.
    await gui.command.fill('bp libc_so!');
    gui.keyboard.press('Tab');
    await expect(offers(gui).getByRole('option')).toHaveCount(100);
    gui.keyboard.press('Escape');
    await expect(offers(gui)).toHaveCount(0);
    await expect(gui.command).toHaveValue('bp libc_so!');
    // On an empty line the key goes on to the next control.
    await gui.command.fill('');
    gui.keyboard.press('Tab');
    await expect(gui.command).not.toBeFocused();
  });
});
