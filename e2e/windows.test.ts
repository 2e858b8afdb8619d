import type { Locator } from 'playwright';
import { axeFindings } from './support/axe.ts';
import type { Gui } from './support/gui.ts';
import { compiled } from './support/programs.ts';
import { expect as plain, test } from './support/test.ts';

/** Much is open at once: a busy machine takes its time. */
const expect = plain.configure({ timeout: 30_000 });

test.use({ windows: 'default' });
test.slow();

async function debug(gui: Gui, program: string, args = ''): Promise<void> {
  await gui.choose('File', 'Open Executable');
  const dialog = gui.dialog('Open Executable');
  await dialog.getByLabel('File name').fill(compiled(program));
  if (args !== '') await dialog.getByLabel('Arguments').fill(args);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
}

/** The middle of a word in a line of the editor. */
function placeOf(line: Locator, word: string): Promise<{ x: number; y: number }> {
  return line.evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = node.textContent?.indexOf(wanted) ?? -1;
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + wanted.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    throw new Error(`there is no ${wanted} in the line`);
  }, word);
}

test('a crew: breakpoints changed in place, threads, their lines in the source, and freezing', async ({
  gui,
}) => {
  await debug(gui, 'crew');
  const { page } = gui;
  await gui.run('bp `crew.c:29`; g');
  const source = page.getByRole('textbox', { name: /^Source: .*crew\.c$/ });
  await expect(source.locator('[aria-current]')).toContainText('boat->order = AHEAD');
  const waiting = source.locator('.cm-line', { hasText: 'pause();' });
  await waiting.scrollIntoViewIfNeeded();
  await expect(waiting).toContainText(/threads? \d/);

  const box = page.getByRole('combobox', { name: 'Source file' });
  await box.fill('crew');
  await box.press('Enter');
  await expect(page.getByRole('button', { name: 'Back to the current line' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the current line' }).click();
  await box.fill('no such file');
  await box.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'No source file' })).toBeVisible();
  await box.press('Escape');
  await gui.picture('windows-source-threads');

  await gui.choose('View', 'Breakpoints');
  const points = page.getByRole('grid', { name: 'Breakpoints' });
  const point = points.getByRole('row', { name: /steer/ });
  await expect(points).toBeFocused();
  gui.keyboard.press('Down', 'F2', 'Tab');
  await points.getByRole('textbox', { name: 'Condition of 0' }).fill('boat->speed > 3');
  gui.keyboard.press('Tab');
  await points.getByRole('textbox', { name: 'At hit of 0' }).fill('2');
  gui.keyboard.press('Return');
  await expect(gui.log).toContainText(/bp0 \/w "boat->speed > 3" 0x[0-9a-f]+/);
  await expect(gui.log).toContainText(/bp0 \/w "boat->speed > 3" 0x[0-9a-f]+ 2/);
  await point.locator('[data-column=commands]').dblclick();
  await points.getByRole('textbox', { name: 'Commands of 0' }).fill('.echo "fast enough"');
  gui.keyboard.press('Return');
  await expect(point).toContainText('.echo "fast enough"');
  await gui.run('g');
  await expect(gui.log.locator('.cm-line', { hasText: /^fast enough$/ })).toBeVisible();
  await gui.expectStopped();
  await expect(point).toContainText('boat->speed > 3');
  await gui.picture('windows-breakpoints');

  gui.keyboard.press('alt+9');
  const threads = page.getByRole('grid', { name: 'Threads' });
  await expect(threads.getByRole('row')).toHaveCount(4);
  await expect(threads).toBeFocused();
  gui.keyboard.press('Home', 'Down', 'f');
  await expect(threads.getByRole('row', { name: /Frozen/ })).toHaveCount(1);
  gui.keyboard.press('Return');
  await expect(threads.locator('[aria-current]')).toContainText('Frozen');
  await page
    .getByRole('toolbar', { name: 'Processes and Threads' })
    .getByRole('button', { name: 'Thaw' })
    .click();
  await expect(threads.getByRole('row', { name: /Frozen/ })).toHaveCount(0);
  await gui.picture('windows-threads');
  expect(await axeFindings(page)).toEqual([]);
});

test('values and memory in their formats, and code with its source', async ({ gui }) => {
  await debug(gui, 'crew');
  const { page } = gui;
  await gui.run('bp `crew.c:29`; g');
  const locals = page.getByRole('treegrid', { name: 'Locals' });
  const boat = locals.getByRole('row', { name: /^boat / });
  await expect(boat).toBeVisible();
  await boat.click();
  gui.keyboard.press('Right');
  const order = locals.getByRole('row', { name: /^ *order / });
  await order.click();
  await expect(order).toContainText('HALT (0n0)');
  await page.getByRole('combobox', { name: 'Format of order' }).selectOption('Binary');
  await expect(order).toContainText(`0y${'0'.repeat(32)}`);
  await page.getByRole('toolbar', { name: 'Locals' }).getByRole('button', { name: 'Add to Watch' }).click();
  await gui.picture('windows-locals');

  // From the source, and from another window: what is dragged to the Watch window is watched.
  gui.keyboard.press('alt+2');
  const watch = page.getByRole('treegrid', { name: 'Watch' });
  await expect(watch.getByRole('row', { name: /^boat->order / })).toBeVisible();
  const source = page.getByRole('textbox', { name: /^Source: .*crew\.c$/ });
  const at = await placeOf(source.locator('.cm-line', { hasText: 'boat->speed += 0.5' }), 'speed');
  await page.mouse.dblclick(at.x, at.y);
  const to = await watch.boundingBox();
  if (!to) throw new Error('the Watch window is not in sight');
  await page.mouse.move(at.x + 1, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 20, at.y - 20, { steps: 4 });
  await page.mouse.move(to.x + 60, to.y + 100, { steps: 8 });
  await page.mouse.up();
  await expect(watch.getByRole('row', { name: /^speed / })).toBeVisible();
  await gui.choose('View', 'Watch');
  await gui.choose('Window', 'Float or Dock Window');
  await gui.choose('View', 'Locals');
  await locals.getByRole('row', { name: /^ *depth / }).dragTo(watch);
  await expect(watch.getByRole('row', { name: /^boat->depth / })).toBeVisible();
  await gui.choose('View', 'Watch');
  await gui.choose('Window', 'Float or Dock Window');

  gui.keyboard.press('alt+5');
  const memory = page.getByRole('listbox', { name: 'Memory' });
  const tools = page.getByRole('toolbar', { name: 'Memory' }).filter({ visible: true });
  const format = tools.getByRole('combobox', { name: 'Format' });
  const first = memory.filter({ visible: true }).locator('.at-base .memory-cell').first();
  await tools.getByRole('textbox', { name: 'Address' }).fill('@@c++(&boat->depth)');
  await tools.getByRole('textbox', { name: 'Address' }).press('Enter');
  await format.selectOption('Float (4 bytes)');
  await expect(first).toHaveText(/^\s*1\.5$/);
  await first.click();
  await memory.filter({ visible: true }).focus();
  gui.keyboard.press('2', 'period', '5', 'Return');
  await expect(first).toHaveText(/^\s*2\.5$/);
  await expect(gui.log).toContainText(/ef 0x[0-9a-f]+ 2\.5/);
  await gui.picture('windows-memory-float');

  await tools.getByRole('button', { name: 'New window' }).click();
  await expect(page.getByRole('tab', { name: 'Memory 2' })).toBeVisible();
  await tools.getByRole('textbox', { name: 'Address' }).fill('@@c++(boat)');
  await tools.getByRole('textbox', { name: 'Address' }).press('Enter');
  await format.selectOption('Pointers and symbols');
  await expect(memory.filter({ visible: true }).getByRole('option', { name: /crew!steer$/ })).toBeVisible();
  await gui.picture('windows-memory-pointers');
  await format.selectOption('UTF-16');
  await tools.getByRole('combobox', { name: 'Bytes in a row' }).selectOption('16 a row');
  await tools.getByRole('textbox', { name: 'Address' }).fill('@@c++(boat->motto)');
  await tools.getByRole('textbox', { name: 'Address' }).press('Enter');
  await expect(first).toHaveText('α');
  await expect(page.getByRole('tab', { name: /^Memory$/ })).toBeVisible();

  gui.keyboard.press('alt+7');
  const code = page.getByRole('listbox', { name: 'Disassembly' });
  await expect(code.locator('.code-source', { hasText: 'boat->order = AHEAD' })).toBeVisible();
  await gui.run('u crew!main');
  const box = page.getByRole('toolbar', { name: 'Disassembly' }).getByRole('textbox', { name: 'Address' });
  await box.fill('crew!main');
  await box.press('Enter');
  await expect(code.locator('.lane').first()).toBeAttached();
  await gui.picture('windows-disassembly');
  expect(await axeFindings(page)).toEqual([]);
});

test('events as a table, the program’s output and input, and the history', async ({ gui }) => {
  await debug(gui, 'echoer');
  const { page } = gui;
  await gui.choose('View', 'Events and Exceptions');
  const events = page.getByRole('grid', { name: 'Events and exceptions' });
  await expect(events).toBeFocused();
  const loads = events.getByRole('row', { name: /Load module/ });
  await loads.locator('[data-column=status]').dblclick();
  await events.getByRole('combobox', { name: 'When it happens of ld' }).selectOption('Ignore');
  await expect(gui.log).toContainText('sxi ld');
  await expect(loads).toContainText('Ignore');
  const violation = events.getByRole('row', { name: /Access violation/ });
  await violation.locator('[data-column=first]').dblclick();
  await events.getByRole('textbox', { name: 'Commands of av' }).fill('k "deep"');
  gui.keyboard.press('Return');
  await expect(gui.log).toContainText('sx- -c "k \\"deep\\"" av');
  await expect(violation).toContainText('k "deep"');
  await violation.getByRole('checkbox').click();
  await expect(gui.log).toContainText('sxe -h av');
  await gui.picture('windows-events');

  await gui.choose('View', 'Target Output');
  const output = page.getByRole('log', { name: 'Target output' });
  const input = page.getByRole('textbox', { name: 'Input for the program' });
  await expect(input).toBeFocused();
  await gui.choose('Debug', 'Go');
  await expect(output).toContainText('say something');
  await input.fill('hello there');
  await input.press('Enter');
  await expect(output).toContainText('you said: hello there');
  await gui.picture('windows-output');

  await gui.choose('View', 'Command History');
  const past = page.getByRole('grid', { name: 'Command history' });
  await expect(past.getByRole('row', { name: /sxi ld/ })).toContainText('You');
  await expect(past.getByRole('row', { name: /at work/ })).toHaveCount(1);
  await past.getByRole('row', { name: /sxe -h av/ }).dblclick();
  await expect(gui.command).toHaveValue('sxe -h av');
  await gui.choose('View', 'Command History');
  await gui.picture('windows-history');
  expect(await axeFindings(page)).toEqual([]);
});
