import type { Page } from 'playwright';
import type { Gui } from './support/gui.ts';
import { compiled } from './support/programs.ts';
import { expect as plain, test } from './support/test.ts';

/** Much is open at once: a busy machine takes its time. */
const expect = plain.configure({ timeout: 30_000 });

test.use({ windows: 'default' });
test.slow();

/** Counts what the page asks its session from now on: the queries of each request for windows. */
async function countRequests(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counted = { views: [] as string[][], commands: [] as string[] };
    Object.assign(window, { counted });
    const post = MessagePort.prototype.postMessage as (this: MessagePort, message: unknown) => void;
    MessagePort.prototype.postMessage = function (this: MessagePort, message: unknown) {
      const { method, params } = (message ?? {}) as {
        method?: string;
        params?: { queries?: { view: string }[]; command?: string };
      };
      if (method === 'session/views') counted.views.push((params?.queries ?? []).map(({ view }) => view));
      if (method === 'session/execute') counted.commands.push(params?.command ?? '');
      post.call(this, message);
    } as typeof MessagePort.prototype.postMessage;
  });
}

interface Counted {
  readonly views: readonly (readonly string[])[];
  readonly commands: readonly string[];
}

const counted = (page: Page): Promise<Counted> =>
  page.evaluate(() => (window as unknown as { counted: Counted }).counted);

/** Out of their places, so that all are on screen. */
async function spread(gui: Gui): Promise<void> {
  for (const name of ['Breakpoints', 'Modules', 'Registers', 'Watch', 'Disassembly', 'Memory']) {
    await gui.choose('View', name);
    await expect(gui.page.getByRole('tab', { name, selected: true })).toBeVisible();
    await gui.choose('Window', 'Float or Dock Window');
    await expect(gui.page.locator('.dv-resize-container').getByRole('tab', { name })).toBeVisible();
  }
}

async function start(gui: Gui, program = 'wheel'): Promise<void> {
  await gui.choose('File', 'Open Executable');
  await gui.dialog('Open Executable').getByLabel('File name').fill(compiled(program));
  await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
}

test('ten windows on screen cost one request a stop, and those behind others none', async ({ gui }) => {
  const { page } = gui;
  await start(gui);
  await gui.run('bp wheel!turn; g');
  await expect(page.getByRole('grid', { name: 'Call stack' })).toContainText('wheel!turn');
  await countRequests(page);

  // As the program comes: Source, Locals and Call Stack are in front, all others behind them.
  const ip = page.getByRole('log', { name: 'Command window' });
  await gui.run('r rip=@rip');
  await gui.run('.echo first done');
  await expect(ip.locator('.cm-line', { hasText: /^first done$/ })).toBeVisible();
  await expect.poll(async () => (await counted(page)).views.length).toBeGreaterThan(0);
  const kinds = new Set((await counted(page)).views.flat());
  expect([...kinds].sort()).toEqual(['locals', 'source', 'stack']);

  await spread(gui);
  const visible = page.locator('[data-window]').filter({ visible: true });
  expect(await visible.count()).toBeGreaterThanOrEqual(9);
  gui.keyboard.press('alt+1');
  const full = async () => (await counted(page)).views.filter((queries) => new Set(queries).size >= 8).length;
  await gui.run('t');
  await expect.poll(full).toBeGreaterThan(0);
  await gui.expectStopped();

  const steps = 5;
  const before = (await counted(page)).views.length;
  for (let step = 0; step < steps; step++) {
    const known = await full();
    await gui.run('t');
    await expect.poll(full).toBeGreaterThan(known);
    await gui.expectStopped();
  }
  // One for each, and one more where an answer was out of date by the time it came.
  expect((await counted(page)).views.length - before).toBeLessThanOrEqual(2 * steps);
  await gui.picture('smooth-ten-windows');
});

test('F10 held down steps while it is held, and makes no steps in store', async ({ gui }) => {
  const { page } = gui;
  await start(gui, 'slow');
  await gui.run('l+t; g slow!main');
  await gui.choose('View', 'Command History');
  const past = page.getByRole('grid', { name: 'Command history' });
  const commands = async () => Number(await past.getAttribute('aria-rowcount')) - 1;
  const step = past.getByRole('row', { name: /\bp\b/ });
  await expect.poll(() => gui.enabled('Debug', 'Step Over')).toBe(true);
  gui.keyboard.hold('F10');
  await expect.poll(() => step.count()).toBeGreaterThan(4);
  gui.keyboard.release('F10');
  const released = await commands();
  // What waits would come before this one: a key repeats some thirty times a second, a step here takes a third of one.
  await gui.choose('Debug', 'Step Into');
  await expect(past.getByRole('row', { name: /(?<![+\w])t\b/ })).toHaveCount(1);
  expect(await commands()).toBeLessThanOrEqual(released + 5);
});
