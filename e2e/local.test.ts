import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
      await gui.picture('attach-dialog');
      await dialog.getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
      await gui.choose('Debug', 'Stop Debugging');
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
    await share.getByLabel('Port').fill('5200:5400');
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
