import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { ports } from './support/ports.ts';
import { compiled } from './support/programs.ts';
import { expect, test } from './support/test.ts';

test.describe('a session of its own', () => {
  test('Open Executable runs a program to its end; Restart starts it again', async ({ gui, wheel }) => {
    gui.keyboard.press('ctrl+e');
    const dialog = gui.dialog('Open Executable');
    await dialog.getByLabel('File name').fill(wheel);
    await dialog.getByLabel('Arguments').fill('5');
    await gui.picture('open-executable');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
    await gui.run('.remote lab');
    await expect(gui.log).toContainText(/\.remote is not available[\s\S]*\.server/);
    await gui.run('g');
    await expect(gui.log).toContainText('180 spokes passed');
    await gui.choose('Debug', 'Restart');
    await gui.expectStopped();
    await gui.choose('Debug', 'Stop Debugging');
    await gui.dialog('Stop Debugging').getByRole('button', { name: /Kill/ }).click();
    await gui.expectDormant();
  });

  test('a program that is not there: the error stays in the dialog', async ({ gui }) => {
    await gui.choose('File', 'Open Executable');
    const dialog = gui.dialog('Open Executable');
    await dialog.getByLabel('File name').fill('/nonexistent/wheel');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog).toContainText("Cannot run '/nonexistent/wheel'");
    await expect(dialog.getByLabel('File name')).toHaveValue('/nonexistent/wheel');
    await gui.picture('open-executable-error');
  });

  test('Attach to a Process, and detach from it', async ({ gui, wheel }) => {
    const target = spawn(wheel, { stdio: 'ignore' });
    try {
      await once(target, 'spawn');
      gui.keyboard.press('F6');
      const dialog = gui.dialog('Attach to Process');
      await dialog.getByLabel('Process ID').fill(String(target.pid));
      const row = dialog.getByRole('row', { selected: true });
      await expect(row).toContainText(wheel);
      await gui.picture('attach-dialog');
      await dialog.getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
      await expect.poll(() => gui.title()).toContain(` on ${hostname()} - Hawser`);
      await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText(hostname());
      await gui.choose('Debug', 'Stop Debugging');
      await gui.picture('stop-dialog');
      await gui
        .dialog('Stop Debugging')
        .getByRole('button', { name: /Detach/ })
        .click();
      await gui.expectDormant();
      expect(target.exitCode).toBeNull();
    } finally {
      target.kill('SIGKILL');
    }
  });

  test('the process list: filter, sort, keyboard; what one may not touch says why', async ({
    gui,
    wheel,
  }) => {
    const marked = (spokes: string) => spawn(wheel, ['0', spokes], { stdio: 'ignore' });
    const [first, second] = [marked('e2e-alpha'), marked('e2e-beta')];
    try {
      await Promise.all([once(first, 'spawn'), once(second, 'spawn')]);
      gui.keyboard.press('F6');
      const dialog = gui.dialog('Attach to Process');
      const filter = dialog.getByLabel('Filter');
      await expect(filter).toBeFocused();
      const grid = dialog.getByRole('grid', { name: 'Processes' });
      const rows = grid.getByRole('row').filter({ hasNot: gui.page.getByRole('columnheader') });
      await expect(grid).toContainText('wheel');
      await gui.picture('process-list');
      await filter.fill('wheel e2e-');
      await expect(rows).toHaveCount(2);
      const pid = grid.getByRole('columnheader', { name: 'PID' });
      await pid.getByRole('button').click();
      await expect(pid).toHaveAttribute('aria-sort', 'ascending');
      await expect(rows.first()).toContainText('e2e-alpha');
      await pid.getByRole('button').press('Enter');
      await expect(pid).toHaveAttribute('aria-sort', 'descending');
      await expect(rows.first()).toContainText('e2e-beta');
      await filter.focus();
      await filter.press('ArrowDown');
      await expect(grid).toBeFocused();
      await grid.press('Home');
      await expect(dialog.getByLabel('Process ID')).toHaveValue(String(second.pid));
      await grid.press('ArrowDown');
      await expect(dialog.getByLabel('Process ID')).toHaveValue(String(first.pid));
      await gui.picture('process-list-filtered');

      // The program itself: nobody debugs its own debugger.
      await filter.fill(String(gui.app.process().pid));
      await dialog.getByLabel('Process ID').fill(String(gui.app.process().pid));
      await expect(dialog).toContainText('Cannot attach. ');
      await expect(dialog.getByRole('button', { name: 'OK' })).toBeDisabled();
      await gui.picture('process-list-blocked');

      await filter.fill('e2e-beta');
      await filter.press('Enter');
      await gui.expectStopped();
      await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText(String(second.pid));
      await gui.choose('Debug', 'Stop Debugging');
      await gui
        .dialog('Stop Debugging')
        .getByRole('button', { name: /Leave it running/ })
        .click();
      await gui.expectDormant();
    } finally {
      first.kill('SIGKILL');
      second.kill('SIGKILL');
    }
  });

  test('a program gets the environment that is typed', async ({ gui }) => {
    await gui.choose('File', 'Open Executable');
    const dialog = gui.dialog('Open Executable');
    await dialog.getByLabel('File name').fill('/bin/sh');
    await dialog.getByLabel('Arguments').fill(`-c 'echo name is $E2E_NAME'`);
    const variables = dialog.getByLabel('Environment');
    await variables.fill('E2E_NAME=birch bark\nnonsense');
    await expect(dialog).toContainText('Line 2 is not of the form NAME=value.');
    await gui.picture('open-executable-environment');
    await variables.fill('E2E_NAME=birch bark');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
    await gui.run('g');
    await expect(gui.log).toContainText('name is birch bark');
  });

  test('how a target ends is asked once, when it is told to remember', async ({ gui, wheel }) => {
    const open = async () => {
      await gui.choose('File', 'Open Executable');
      await gui.dialog('Open Executable').getByLabel('File name').fill(wheel);
      await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
    };
    await open();
    await gui.choose('Debug', 'Stop Debugging');
    const stop = gui.dialog('Stop Debugging');
    await stop.getByRole('checkbox', { name: /Remember/ }).check();
    await stop.getByRole('button', { name: /End it/ }).click();
    await gui.expectDormant();
    await open();
    await gui.choose('Debug', 'Stop Debugging');
    await gui.expectDormant();
    await open();
    await gui.page.getByRole('toolbar').getByRole('button', { name: 'Stop' }).click();
    await gui.expectDormant();
    await gui.page.getByRole('button', { name: 'Ask again' }).click();
    await open();
    await gui.choose('Debug', 'Stop Debugging');
    await expect(stop).toBeVisible();
  });

  test('is shared with a second client; Servers and Clients list and stop them', async ({
    gui,
    tool,
    wheel,
  }) => {
    await gui.choose('File', 'Open Executable');
    await gui.dialog('Open Executable').getByLabel('File name').fill(wheel);
    await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();

    await gui.choose('File', 'Share This Session');
    const share = gui.dialog('Share This Session');
    await share.getByLabel('Port').fill(ports);
    await gui.picture('share-dialog');
    const password = await share.getByLabel('Password', { exact: true }).inputValue();
    await share.getByRole('button', { name: 'OK' }).click();
    const string = share.getByRole('status', { name: 'Connection string' });
    await expect(string).toContainText(/^tcp:Port=\d+,Server=/);
    const connection = await string.innerText();
    expect(connection).not.toContain(password);
    await gui.picture('shared');
    await share.getByRole('button', { name: 'Copy connection string' }).click();
    await expect.poll(() => gui.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(connection);
    await share.getByRole('button', { name: 'Close' }).click();

    const client = tool(['cdb', '-remote', connection], { HAWSER_PASSWORD: password });
    client.type('.echo hello from the console');
    await expect(gui.log).toContainText('hello from the console');
    await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText(/1 other/);

    await gui.choose('View', 'Clients');
    const clients = gui.dialog('Clients');
    await expect(clients.getByRole('row')).toHaveCount(3);
    await gui.picture('clients');
    await clients.getByRole('button', { name: /Remove/ }).click();
    await expect(clients.getByRole('row')).toHaveCount(2);
    await client.says('removed you');
    await clients.getByRole('button', { name: 'Close' }).click();

    await gui.choose('View', 'Servers');
    const servers = gui.dialog('Servers');
    await expect(servers).toContainText('Listening');
    await gui.picture('servers');
    await servers.getByRole('button', { name: 'Stop server 0' }).click();
    await expect(servers).not.toContainText('Listening');
    await servers.getByRole('button', { name: 'Close' }).click();
    const late = tool(['cdb', '-remote', connection], { HAWSER_PASSWORD: password });
    await late.says('refused');
  });

  test('the input of the program is given, its output stands apart', async ({ gui }) => {
    await gui.choose('File', 'Open Executable');
    await gui.dialog('Open Executable').getByLabel('File name').fill(compiled('echoer'));
    await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
    await gui.run('g');
    await expect(gui.log).toContainText('say something');
    await gui.page.getByRole('button', { name: 'Program input' }).click();
    await gui.page.getByRole('textbox', { name: 'Target input' }).fill('ahoy');
    await gui.page.getByRole('textbox', { name: 'Target input' }).press('Enter');
    await expect(gui.log).toContainText('you said: ahoy');
    await gui.picture('program-input');
  });
});
