import { axeFindings } from './support/axe.ts';
import { compiled } from './support/programs.ts';
import { expect, test } from './support/test.ts';

test.use({ windows: 'default' });
test.slow();

test.describe('the workbench', () => {
  test('a user session: registers, stack and locals follow, are changed, and say how', async ({ gui }) => {
    await gui.choose('File', 'Open Executable');
    await gui.dialog('Open Executable').getByLabel('File name').fill(compiled('wheel'));
    await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
    const { page } = gui;
    await gui.run('bp wheel!turn; g');
    const stack = page.getByRole('grid', { name: 'Call stack' });
    const frame = (name: string) => stack.getByRole('row', { name });
    await expect(frame('wheel!turn')).toHaveAttribute('aria-current', 'true');
    const locals = page.getByRole('treegrid', { name: 'Locals' });
    const wheel = locals.getByRole('row', { name: /^wheel / });
    await expect(wheel).toContainText('struct wheel *');

    // By keyboard alone: the caller's frame, its variables, one of them opened.
    gui.keyboard.press('alt+6');
    await expect(stack).toBeFocused();
    gui.keyboard.press('Down', 'Down', 'Return');
    await expect(frame('wheel!main')).toHaveAttribute('aria-current', 'true');
    await expect(gui.log).toContainText('.frame 1');
    await expect(locals.getByRole('row', { name: /^argc / })).toContainText('0n1');
    gui.keyboard.press('alt+1');
    await gui.run('.frame 0; p; p; p');
    gui.keyboard.press('alt+3');
    await expect(locals).toBeFocused();
    // Its rows come anew after each of the steps, and a key that falls between two of them finds the first row closed again.
    await expect(async () => {
      gui.keyboard.press('Home', 'Right');
      await expect(wheel).toHaveAttribute('aria-expanded', 'true', { timeout: 2000 });
    }).toPass();
    const spokes = locals.getByRole('row', { name: /^ *spokes / });
    await expect(spokes).toBeVisible();
    await spokes.dblclick();
    await locals.getByRole('textbox', { name: 'Value of spokes' }).fill('12');
    gui.keyboard.press('Return');
    await expect(spokes).toContainText('0n12');
    await expect(gui.log).toContainText('?? wheel->spokes = 12');
    await gui.picture('workbench-user');

    gui.keyboard.press('alt+4');
    const registers = page.getByRole('treegrid', { name: 'Registers' });
    await expect(registers).toBeFocused();
    gui.keyboard.press('Home', 'Down', 'F2');
    await registers.getByRole('textbox', { name: 'Value of rax' }).fill('1234');
    gui.keyboard.press('Return');
    const rax = registers.getByRole('row', { name: /^ *rax / });
    await expect(rax).toContainText('0000000000001234');
    await gui.run('t');
    await expect(registers.getByRole('row', { name: /^ *rip / })).toContainText('(changed)');
    await gui.picture('workbench-registers');

    gui.keyboard.press('alt+2');
    await page.getByRole('textbox', { name: 'Watch an expression' }).fill('wheel->spokes * 2');
    await page.getByRole('textbox', { name: 'Watch an expression' }).press('Enter');
    const watched = page.getByRole('treegrid', { name: 'Watch' }).getByRole('row', { name: /spokes \* 2/ });
    await expect(watched).toContainText('0n24');
    await gui.run('g');
    await gui.expectStopped();
    await gui.picture('workbench-watch');
    expect(await axeFindings(page)).toEqual([]);
  });

  test('a remote session: source, disassembly and memory, breakpoints in both', async ({
    gui,
    serve,
    wheel,
  }) => {
    const { connection } = await serve([wheel]);
    await gui.connect(connection);
    await gui.expectStopped();
    const { page } = gui;
    await gui.run('bp wheel!main; g');
    const source = page.getByRole('textbox', { name: /^Source: .*wheel\.c$/ });
    await expect(source.locator('[aria-current]')).toContainText('{');

    // A click beside the line that counts; F9 takes the breakpoint away where the cursor is.
    const line = source.locator('.cm-line', { hasText: 'wheel->turns++;' });
    const row = await line.boundingBox();
    const gutter = await page.locator('.points').boundingBox();
    if (!row || !gutter) throw new Error('the line is not in sight');
    await page.mouse.click(gutter.x + 8, row.y + row.height / 2);
    await expect(gui.log).toContainText(/bp `.*wheel\.c:13`/);
    await expect(page.locator('.point')).toHaveCount(2);
    await gui.run('g');
    await expect(source.locator('[aria-current]')).toContainText('wheel->turns++;');
    await source.focus();
    gui.keyboard.press('F9');
    await expect(page.locator('.point')).toHaveCount(1);
    await source.locator('.cm-line', { hasText: 'return wheel->turns' }).click();
    gui.keyboard.press('F7');
    await expect(source.locator('[aria-current]')).toContainText('return wheel->turns');
    await gui.picture('workbench-source');

    gui.keyboard.press('alt+7');
    const code = page.getByRole('listbox', { name: 'Disassembly' });
    await expect(code).toBeFocused();
    const current = code.getByRole('option', { name: /^Current instruction/ });
    await expect(current).toBeInViewport();
    gui.keyboard.press('Down', 'F9');
    await expect(code.getByRole('option', { name: /^breakpoint, / })).toHaveCount(2);
    await gui.run('t');
    await expect(code.getByRole('option', { name: /^Current instruction, breakpoint/ })).toBeInViewport();
    await code.hover();
    for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, 2000);
    await expect(current).not.toBeInViewport();
    await gui.picture('workbench-disassembly');

    gui.keyboard.press('alt+5');
    const memory = page.getByRole('listbox', { name: 'Memory' });
    await expect(memory).toBeFocused();
    const address = page.getByRole('toolbar', { name: 'Memory' }).getByRole('textbox', { name: 'Address' });
    await address.fill('@rsp');
    await address.press('Enter');
    const cell = memory.locator('.at-base .memory-cell').first();
    await expect(cell).toHaveText(/^[0-9a-f]{2}$/);
    await cell.click();
    await memory.focus();
    gui.keyboard.press('5', 'a');
    await expect(gui.log).toContainText(/eb 0x[0-9a-f]+ 0x5a/);
    await expect(cell).toHaveText('5a');
    await gui.picture('workbench-memory');
    expect(await axeFindings(page)).toEqual([]);
    await address.fill('0');
    await address.press('Enter');
    await expect(memory.getByRole('option', { name: /^00000000`00000000\s*\?\?\s*\?\?/ })).toBeInViewport();
    await address.fill('no_such_thing');
    await address.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: 'no_such_thing' })).toBeVisible();
  });

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
    first.keyboard.press('ctrl+F4');
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
