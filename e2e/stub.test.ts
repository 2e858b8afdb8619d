import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import type { Locator } from 'playwright';
import { privatePort } from '../transports/directory/testing/port.ts';
import type { Gui } from './support/gui.ts';
import { expect, test } from './support/test.ts';

const status = (gui: Gui) => gui.page.getByRole('region', { name: 'Status' });

async function stop(gui: Gui, how: RegExp): Promise<void> {
  await gui.choose('Debug', 'Stop Debugging');
  await gui.dialog('Stop Debugging').getByRole('button', { name: how }).click();
}

async function running(wheel: string, mark: string): Promise<ChildProcess> {
  const child = spawn(wheel, ['0', mark], { stdio: 'ignore' });
  await once(child, 'spawn');
  return child;
}

/** Whether it runs on by itself: not stopped, and nobody traces it. */
const free = (child: ChildProcess) =>
  /State:\s+[RS][\s\S]*TracerPid:\s+0\n/.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'));

const usable = async (gui: Gui) => {
  const entries = [
    'Open Executable',
    'Attach to a Process',
    'Open Crash Dump',
    'Connect to Remote Session',
    'Connect to Remote Stub',
    'Disconnect from Remote Stub',
    'Share This Session',
    'Recent',
  ];
  const enabled = await Promise.all(entries.map((entry) => gui.enabled('File', entry)));
  return entries.filter((_, i) => enabled[i]);
};

test.describe('Connect to Remote Stub', () => {
  test('the dialog: examples, live check, errors; Recent keeps no password', async ({
    gui,
    serveProcesses,
  }) => {
    const { connection } = await serveProcesses({ password: 'fathom' });
    await gui.choose('File', 'Connect to Remote Stub');
    const dialog = gui.stubDialog;
    const text = dialog.getByRole('textbox', { name: 'Connection string' });
    await expect(text).toBeFocused();
    await expect(dialog).toContainText('gdb:server=birch,port=1234');
    await gui.picture('stub-dialog');
    await text.fill('tcp:server=localhost,prot=5');
    await expect(dialog).toContainText('prot');
    await expect(text).toHaveAttribute('aria-invalid', 'true');
    await gui.picture('stub-dialog-problem');
    await gui.fillConnect('tcp:server=localhost,port=1', undefined, dialog);
    await expect(dialog.getByRole('alert')).toContainText('refused the connection');
    await gui.fillConnect(connection, undefined, dialog);
    await expect(dialog.getByRole('alert')).toContainText('asks for a password');
    await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();
    await gui.fillConnect(connection, 'wrong', dialog);
    await expect(dialog.getByRole('alert')).toContainText('0x80004005');
    await gui.picture('stub-dialog-error');
    await gui.fillConnect(connection, 'fathom', dialog);
    await expect(gui.stubBanner).toBeVisible();
    await gui.picture('stub-page');
    await gui.page.getByRole('button', { name: 'Disconnect' }).click();
    await gui.expectDormant();
    const again = gui.page.getByRole('button', { name: /Port=.*Server=localhost/ });
    await expect(again).not.toContainText('fathom');
    await gui.picture('stub-recent');
    await again.click();
    await expect(text).toHaveValue(/^tcp:Port=\d+,Server=localhost$/);
  });

  test('connected, one can attach, open and disconnect, and nothing else', async ({
    gui,
    serveProcesses,
  }) => {
    const { connection } = await serveProcesses();
    await gui.connectStub(connection);
    await expect(gui.stubBanner).toContainText('Server=localhost');
    await expect(gui.page.getByRole('heading', { name: hostname() })).toBeVisible();
    expect(await usable(gui)).toEqual([
      'Open Executable',
      'Attach to a Process',
      'Disconnect from Remote Stub',
    ]);
    for (const entry of ['Go', 'Break', 'Restart', 'Stop Debugging', 'Step Into'])
      expect(await gui.enabled('Debug', entry)).toBe(false);
    await expect.poll(() => gui.title()).toContain(`${hostname()} through tcp:Port=`);
    await gui.choose('File', 'Disconnect from Remote Stub');
    await gui.expectDormant();
    await expect(gui.page.getByText('Disconnected from')).toBeVisible();
  });

  test('attaches by the list of its processes, leaves it running, and is back at its page', async ({
    gui,
    serveProcesses,
    wheel,
  }) => {
    const target = await running(wheel, 'e2e-remote');
    try {
      const { connection } = await serveProcesses();
      await gui.connectStub(connection);
      gui.keyboard.press('F6');
      const dialog = gui.dialog(`Attach to Process on ${hostname()}`);
      const grid = dialog.getByRole('grid', { name: 'Processes' });
      await expect(grid).toContainText('wheel');
      await gui.picture('stub-process-list');
      await dialog.getByLabel('Filter').fill('e2e-remote');
      await expect(grid.getByRole('row')).toHaveCount(2);
      await grid.getByRole('row').nth(1).dblclick();
      await expect(dialog).toBeHidden();
      await gui.expectStopped();
      await expect.poll(() => gui.title()).toContain(` on ${hostname()} - Hawser`);
      await expect(status(gui)).toContainText('Process server: tcp:Port=');
      await expect(status(gui)).toContainText(String(target.pid));
      await gui.run('k');
      await expect(gui.log).toContainText('main');
      await gui.picture('stub-session');
      await gui.choose('Debug', 'Stop Debugging');
      await gui.picture('stub-stop');
      await gui
        .dialog('Stop Debugging')
        .getByRole('button', { name: /Leave it running/ })
        .click();
      await expect(gui.stubBanner).toBeVisible();
      await expect.poll(() => free(target)).toBe(true);
      await gui.picture('stub-page-after');
    } finally {
      target.kill('SIGKILL');
    }
  });

  test('opens a program by its remote file browser, with arguments, directory, environment', async ({
    gui,
    serveProcesses,
    wheel,
  }) => {
    const { connection } = await serveProcesses();
    await gui.connectStub(connection);
    await gui.page.getByRole('button', { name: /Open Executable/ }).click();
    const dialog = gui.dialog(`Open Executable on ${hostname()}`);
    await dialog.getByRole('button', { name: 'Browse…' }).first().click();
    const files = gui.dialog(`Choose a program on ${hostname()}`);
    const list = files.getByRole('listbox', { name: 'Files' });
    await expect(list).toBeFocused();
    const path = files.getByLabel(/^Folder on/);
    await expect(path).toHaveValue(/^\//);
    await gui.picture('stub-files-home');
    await path.fill(dirname(dirname(wheel)));
    await path.press('Enter');
    const folder = basename(dirname(wheel));
    await expect(list.getByRole('option', { name: `${folder}, Folder` })).toBeVisible();
    await list.focus();
    await gui.page.keyboard.type(folder);
    await list.press('Enter');
    await expect(path).toHaveValue(dirname(wheel));
    await files.getByLabel('Filter').fill('whe');
    await expect(list.getByRole('option')).toHaveCount(1);
    await gui.picture('stub-files');
    await files.getByLabel('Filter').press('Enter');
    await expect(files).toBeHidden();
    await expect(dialog.getByLabel('File name')).toHaveValue(wheel);

    await dialog.getByRole('button', { name: 'Browse…' }).nth(1).click();
    const folders = gui.dialog(`Choose a start directory on ${hostname()}`);
    await folders.getByLabel(/^Folder on/).fill('/usr');
    await folders.getByLabel(/^Folder on/).press('Enter');
    await expect(folders.getByRole('option', { name: 'bin, Folder', exact: true })).toBeVisible();
    await gui.picture('stub-folders');
    // Another way to write the same folder is gone to first.
    await folders.getByLabel(/^Folder on/).fill('/usr/./');
    await folders.getByRole('button', { name: 'OK' }).click();
    await expect(folders.getByLabel(/^Folder on/)).toHaveValue('/usr');
    await folders.getByRole('button', { name: 'OK' }).click();
    await expect(dialog.getByLabel('Start directory')).toHaveValue('/usr');
    await dialog.getByLabel('Environment').fill('E2E=1');
    await gui.picture('stub-open-executable');
    await dialog.getByLabel('File name').fill('/bin/sh');
    await dialog.getByLabel('Arguments').fill(`-c 'echo at $PWD with $E2E'`);
    await dialog.getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
    await gui.run('g');
    await expect(gui.log).toContainText('at /usr with 1');
    // Nothing is left to ask about then.
    await expect(gui.log).toContainText('The program has exited with code 0');
    await gui.choose('Debug', 'Stop Debugging');
    await expect(gui.stubBanner).toBeVisible();

    // What is not there: the error stays in the dialog.
    await gui.choose('File', 'Open Executable');
    await dialog.getByLabel('File name').fill('/nonexistent/wheel');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog.getByRole('alert')).toContainText('/nonexistent/wheel');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(gui.stubBanner).toBeVisible();
  });

  test('how targets end is remembered for the connection', async ({ gui, serveProcesses, wheel }) => {
    const { connection } = await serveProcesses();
    await gui.connectStub(connection);
    const open = async () => {
      await gui.choose('File', 'Open Executable');
      const dialog = gui.dialog(`Open Executable on ${hostname()}`);
      await dialog.getByLabel('File name').fill(wheel);
      await dialog.getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
    };
    await open();
    await gui.choose('Debug', 'Stop Debugging');
    const dialog = gui.dialog('Stop Debugging');
    await dialog.getByRole('checkbox', { name: /Remember/ }).check();
    await dialog.getByRole('button', { name: /End it/ }).click();
    await expect(gui.stubBanner).toBeVisible();
    await open();
    await gui.choose('Debug', 'Stop Debugging');
    await expect(gui.stubBanner).toBeVisible();
    await expect(gui.page.getByText('ends the target without asking')).toBeVisible();
    await gui.picture('stub-remembered');
  });

  test('the server goes: dormant, and it is said why', async ({ gui, serveProcesses }) => {
    const { connection, child } = await serveProcesses();
    await gui.connectStub(connection);
    await child.end();
    await gui.expectDormant();
    await expect(gui.page.getByRole('alert')).toBeVisible();
    await gui.picture('stub-server-ended');
  });

  test('the link is lost: it is said since when and until when; one can give up', async ({
    gui,
    serveProcesses,
    wheel,
  }) => {
    const { connection, child } = await serveProcesses();
    const target = await running(wheel, 'e2e-lost');
    try {
      await gui.connectStub(connection);
      await gui.choose('File', 'Attach to a Process');
      await gui.page.getByLabel('Process ID').fill(String(target.pid));
      await gui.page.getByLabel('Process ID').press('Enter');
      await gui.expectStopped();
      await child.kill();
      const banner = gui.page.getByRole('alert', { name: 'Link lost' });
      await expect(banner).toContainText('it is tried again by itself until');
      await gui.picture('stub-link-lost');
      await banner.getByRole('button', { name: 'Give up' }).click();
      await gui.expectDormant();
    } finally {
      target.kill('SIGKILL');
    }
  });
});

test.describe('bare stubs', () => {
  test('gdbserver on a program goes straight into it', async ({ gui, gdbserver, wheel }) => {
    const { connection } = await gdbserver(['localhost:0', wheel, '5']);
    await gui.connectStub(connection);
    await gui.expectStopped();
    await expect(status(gui)).toContainText(/Process server: gdb:/);
    await gui.run('g');
    await expect(gui.log).toContainText(/exited|ended|NoTarget/i);
    await gui.choose('Debug', 'Stop Debugging');
    await gui.expectDormant();
  });

  test('gdbserver --multi is a process server: attach by its list', async ({ gui, gdbserver, wheel }) => {
    const target = await running(wheel, 'e2e-bare');
    try {
      const { connection } = await gdbserver(['--multi', 'localhost:0']);
      await gui.connectStub(connection);
      await expect(gui.stubBanner).toContainText('gdb:');
      await gui.picture('stub-page-bare');
      await gui.choose('File', 'Attach to a Process');
      await gui.page.getByLabel('Filter').fill('e2e-bare');
      await expect(gui.page.getByLabel('Process ID')).toHaveValue(String(target.pid));
      await gui.page.getByLabel('Filter').press('Enter');
      await gui.expectStopped();
      await stop(gui, /Leave it running/);
      await expect(gui.stubBanner).toBeVisible();
      await expect.poll(() => free(target)).toBe(true);
    } finally {
      target.kill('SIGKILL');
    }
  });
});

test.describe('the wrong kind of server names the right menu entry', () => {
  test('both ways, and bare stubs', async ({ gui, serve, serveProcesses, wheel }) => {
    const [session, processes] = [await serve([wheel]), await serveProcesses()];
    await gui.choose('File', 'Connect to Remote Stub');
    await gui.fillConnect(session.connection, undefined, gui.stubDialog);
    await expect(gui.stubDialog.getByRole('alert')).toContainText('Use File, Connect to Remote Session');
    await gui.picture('stub-wrong-kind');
    gui.keyboard.press('Escape');
    await gui.choose('File', 'Connect to Remote Session');
    await gui.fillConnect(processes.connection, undefined, gui.connectDialog);
    await expect(gui.connectDialog.getByRole('alert')).toContainText('Use File, Connect to Remote Stub');
    await gui.picture('connect-wrong-kind');
    await gui.fillConnect('gdb:server=localhost,port=1', undefined, gui.connectDialog);
    await expect(gui.connectDialog).toContainText('Use File, Connect to Remote Stub');
  });
});

test.describe('Browse from the stub dialog', () => {
  test.beforeEach(async () => {
    process.env.HAWSER_DIRECTORY_PORT = String(await privatePort());
  });
  test.afterEach(() => {
    process.env.HAWSER_DIRECTORY_PORT = 'off';
  });

  test('lists process servers and no debugging servers; the chosen one is connected to', async ({
    gui,
    serve,
    serveProcesses,
    wheel,
  }) => {
    await serve([wheel]);
    const processes = await serveProcesses({ password: 'fathom' });
    await gui.choose('File', 'Connect to Remote Stub');
    await gui.stubDialog.getByRole('button', { name: 'Browse…' }).click();
    const dialog = gui.dialog('Browse Remote Servers');
    const machine: Locator = dialog.getByRole('combobox', { name: 'Machine' });
    await machine.fill('localhost');
    await machine.press('Enter');
    const rows = dialog.getByRole('option', { name: /Server, / });
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toHaveAccessibleName(
      new RegExp(`^Remote Process Server, tcp:Port=${processes.port}`),
    );
    await gui.picture('stub-browse');
    await rows.first().dblclick();
    await expect(gui.stubDialog.getByRole('textbox', { name: 'Connection string' })).toHaveValue(
      /Server=localhost,Password=\*$/,
    );
    await gui.stubDialog.getByLabel('Password', { exact: true }).fill('fathom');
    await gui.stubDialog.getByRole('button', { name: 'OK' }).click();
    await expect(gui.stubBanner).toBeVisible();
  });
});
