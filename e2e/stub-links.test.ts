import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Gui } from './support/gui.ts';
import { Relay } from './support/relay.ts';
import { expect, test } from './support/test.ts';

const status = (gui: Gui) => gui.page.getByRole('region', { name: 'Status' });
const lost = (gui: Gui) => gui.page.getByRole('alert', { name: 'Link lost' });

const state = (pid = 0) => readFileSync(`/proc/${pid}/status`, 'utf8');
const free = (child: ChildProcess) => /State:\s+[RS][\s\S]*TracerPid:\s+0\n/.test(state(child.pid));

async function attach(gui: Gui, pid = 0): Promise<void> {
  await gui.choose('File', 'Attach to a Process');
  await gui.page.getByLabel('Process ID').fill(String(pid));
  await gui.page.getByLabel('Process ID').press('Enter');
  await gui.expectStopped();
}

test.describe('the link to a process server', () => {
  let target: ChildProcess;
  const mark = `e2e-link-${process.pid}`;
  let relay: Relay | null = null;
  test.beforeEach(async ({ wheel }) => {
    target = spawn(wheel, ['0', mark], { stdio: 'ignore' });
    await once(target, 'spawn');
  });
  test.afterEach(() => {
    target.kill('SIGKILL');
    relay?.close();
  });

  test('cut and mended: the same session goes on; the title and the status bar name the machine', async ({
    gui,
    serveProcesses,
  }) => {
    const { port } = await serveProcesses();
    relay = await Relay.to(port);
    await gui.connectStub(`tcp:server=localhost,port=${relay.port}`);
    relay.cut();
    await expect(lost(gui)).toContainText(hostname());
    await expect(gui.stubBanner).toBeVisible();
    await gui.picture('stub-page-link-lost');
    relay.mend();
    await expect(lost(gui)).toBeHidden();

    await attach(gui, target.pid);
    await gui.run('r rip');
    await expect(gui.log).toContainText('rip=');
    relay.cut();
    await expect(lost(gui)).toContainText('it is tried again by itself until');
    await expect(status(gui)).toContainText(hostname());
    await expect.poll(() => gui.title()).toContain(hostname());
    expect(state(target.pid)).toMatch(/State:\s+t/);
    relay.mend();
    await expect(lost(gui)).toBeHidden();
    await gui.run('? 0n1111*3');
    await expect(gui.log).toContainText('3333');
    await gui.run('k');
    await expect(gui.log).toContainText('wheel!main');
    await gui.choose('Debug', 'Stop Debugging');
    await gui
      .dialog('Stop Debugging')
      .getByRole('button', { name: /Leave it running/ })
      .click();
    await expect(gui.stubBanner).toBeVisible();
    await expect.poll(() => free(target)).toBe(true);
  });

  test('.endpsrv ends the server: it is said, and the target runs on', async ({ gui, serveProcesses }) => {
    const { connection, child } = await serveProcesses();
    await gui.connectStub(connection);
    await attach(gui, target.pid);
    await gui.run('.endpsrv');
    expect(await child.exited()).toBe(0);
    await expect(gui.prompt).toHaveText('NoTarget>');
    await expect(status(gui)).toContainText('Process server ended: tcp:Port=');
    await expect.poll(() => free(target)).toBe(true);
    await gui.picture('stub-endpsrv');
    await gui.choose('Debug', 'Stop Debugging');
    await gui.expectDormant();
  });

  test('closing the window asks about a target on another machine', async ({ gui, serveProcesses }) => {
    const { connection } = await serveProcesses();
    await gui.connectStub(connection);
    await attach(gui, target.pid);
    const asked = gui.app.evaluate(
      ({ dialog }) =>
        new Promise<string>((resolve) => {
          dialog.showMessageBox = (async (...args: unknown[]) => {
            resolve(JSON.stringify(args.at(-1)));
            return { response: 1, checkboxChecked: false };
          }) as typeof dialog.showMessageBox;
        }),
    );
    await gui.app.evaluate(({ BrowserWindow }) => {
      setImmediate(() => BrowserWindow.getAllWindows()[0]?.close());
    });
    expect(await asked).toContain(`The target runs on ${hostname()}.`);
    await expect.poll(() => free(target)).toBe(true);
  });

  test('by keyboard alone, over a local pipe', async ({ gui, tool }) => {
    const pipe = `e2e-${randomBytes(4).toString('hex')}`;
    const server = tool(['dbgsrv', '-t', `npipe:pipe=${pipe}`]);
    await server.says(/npipe:Pipe=/);
    await gui.choose('File', 'Connect to Remote Stub');
    const { keyboard } = gui.page;
    await expect(gui.stubDialog.getByRole('textbox', { name: 'Connection string' })).toBeFocused();
    await keyboard.type(`npipe:server=localhost,pipe=${pipe}`);
    await keyboard.press('Enter');
    await expect(gui.stubBanner).toBeVisible();
    await expect(gui.page.getByRole('button', { name: /Attach to Process/ })).toBeFocused();
    await keyboard.press('Enter');
    await expect(gui.page.getByLabel('Filter')).toBeFocused();
    await keyboard.type(mark);
    await expect(gui.page.getByLabel('Process ID')).toHaveValue(String(target.pid));
    await keyboard.press('Enter');
    await gui.expectStopped();
    await expect(gui.command).toBeFocused();
    await keyboard.type('.detach');
    await keyboard.press('Enter');
    await expect.poll(() => free(target)).toBe(true);
    // What was written stays to be read; Shift+F5 needs to ask nothing then, nor does closing the window.
    await expect(gui.prompt).toHaveText('NoTarget>');
    gui.keyboard.press('shift+F5');
    await expect(gui.stubBanner).toBeVisible();
    await expect(gui.page.getByRole('button', { name: /Attach to Process/ })).toBeFocused();
    await keyboard.press('Enter');
    await gui.page.getByLabel('Filter').fill(mark);
    await keyboard.press('Enter');
    await gui.expectStopped();
    await gui.run('.detach');
    await expect(gui.prompt).toHaveText('NoTarget>');
    const closed = gui.app.waitForEvent('close');
    await gui.app.evaluate(({ BrowserWindow }) => {
      setImmediate(() => BrowserWindow.getAllWindows()[0]?.close());
    });
    await closed;
  });
});
