import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HiddenProgram, noHiddenFiles, startHidden } from '../engine/images/testing/hidden.ts';
import type { Gui } from './support/gui.ts';
import { Relay } from './support/relay.ts';
import { expect, test } from './support/test.ts';

const impossible = noHiddenFiles();

const status = (gui: Gui) => gui.page.getByRole('region', { name: 'Status' });
const bar = (gui: Gui) => status(gui).getByRole('progressbar', { name: /libhidden/ });

/** A library of some megabytes that no packing makes smaller. */
function bulky(folder: string): string {
  const filling = join(folder, 'filling');
  writeFileSync(filling, randomBytes(6_000_000));
  return `#include <unistd.h>
__asm__(".section .rodata\\n.incbin \\"${filling}\\"\\n.previous");
int hidden_wait(int n) { for (;;) { n++; usleep(1000); } return n; }
`;
}

async function attach(gui: Gui, { pid }: HiddenProgram): Promise<void> {
  await gui.choose('File', 'Attach to a Process');
  await gui.page.getByLabel('Process ID').fill(String(pid));
  await gui.page.getByLabel('Process ID').press('Enter');
  await expect(gui.log).toBeVisible({ timeout: 40_000 });
  await gui.expectStopped();
}

async function leave(gui: Gui): Promise<void> {
  await gui.choose('Debug', 'Stop Debugging');
  await gui
    .dialog('Stop Debugging')
    .getByRole('button', { name: /Leave it running/ })
    .click();
  await expect(gui.stubBanner).toBeVisible();
}

test.describe('a library that only the target machine has', () => {
  test.slow();
  test.skip(impossible !== null, impossible ?? '');
  let program: HiddenProgram;
  let relay: Relay | null = null;

  test.beforeEach(async ({ profile }) => {
    program = await startHidden({ library: bulky(profile) });
  });
  test.afterEach(() => {
    program.end();
    relay?.close();
  });

  test('comes over a slow line: progress, commands meanwhile, Cancel; later to the end, then never again', async ({
    openGui,
    profile,
    serveProcesses,
  }) => {
    const { port } = await serveProcesses();
    relay = await Relay.to(port);
    const gui = await openGui({ XDG_CACHE_HOME: join(profile, 'cache') });
    await gui.connectStub(`tcp:server=localhost,port=${relay.port}`);
    relay.delay = 60;
    await attach(gui, program);
    await expect(bar(gui)).toBeVisible();
    await gui.picture('transfer-real');
    // It is on its way, and nobody waits for it.
    await gui.run('r rip; ? 0n1111*3');
    await expect(gui.log).toContainText('3333');
    await expect(bar(gui)).toBeVisible();
    await status(gui).getByRole('button', { name: 'Cancel' }).click();
    await expect(bar(gui)).toBeHidden();
    await gui.run('lm m libhidden');
    await expect(gui.log).toContainText(/libhidden\s.*\(no symbols\)/);
    await leave(gui);

    relay.delay = 0;
    await attach(gui, program);
    await expect
      .poll(async () => {
        await gui.run('lm m libhidden');
        return gui.shown();
      })
      .toMatch(/libhidden\s+T \(service symbols/);
    await gui.run('k');
    await expect(gui.log).toContainText('libhidden!hidden_wait');
    await leave(gui);

    // So slow that a fetch would be seen: there is none, and the symbols are there at the first stop.
    relay.delay = 60;
    await attach(gui, program);
    await gui.run('k');
    await expect(gui.log).toContainText('libhidden!hidden_wait');
    await expect(bar(gui)).toBeHidden();
    await leave(gui);
  });
});
