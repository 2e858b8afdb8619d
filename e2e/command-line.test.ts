import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver } from './support/hand-over.ts';
import { Keyboard } from './support/keyboard.ts';
import { ports } from './support/ports.ts';
import { expect, test } from './support/test.ts';

test.describe('the command line', () => {
  test('-remote connects at the start', async ({ openGui, serve, wheel }) => {
    const { connection } = await serve([wheel], { password: 'fathom' });
    const gui = await openGui({ ...handOver({ remote: connection }), HAWSER_PASSWORD: 'fathom' });
    await gui.expectStopped();
    const inherited = await gui.app.evaluate(() => [process.env.HAWSER_ARGV, process.env.HAWSER_PASSWORD]);
    expect(inherited.filter(Boolean)).toEqual([]);
  });

  test('-remote without the password asks for it', async ({ openGui, serve, wheel }) => {
    const { connection } = await serve([wheel], { password: 'fathom' });
    const gui = await openGui(handOver({ remote: connection }));
    const dialog = gui.connectDialog;
    await expect(dialog).toContainText('asks for a password');
    await gui.picture('connect-password-needed');
    await dialog.getByLabel('Password', { exact: true }).fill('fathom');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await gui.expectStopped();
  });

  test('-remote that fails leaves to dormant, the dialog filled', async ({ openGui }) => {
    const gui = await openGui(handOver({ remote: 'tcp:server=\\\\localhost,port=1,password=fathom' }));
    await expect(gui.connectDialog).toContainText('refused the connection');
    const text = gui.connectDialog.getByRole('textbox', { name: 'Connection string' });
    await expect(text).toHaveValue('tcp:Port=1,Server=localhost');
  });

  test('-premote alone shows the server; with a process it attaches; a failure opens the dialog, filled', async ({
    openGui,
    gdbserver,
    wheel,
  }) => {
    const { connection } = await gdbserver(['--multi', 'localhost:0']);
    const gui = await openGui(handOver({ premote: connection }));
    await expect(gui.stubBanner).toContainText('gdb:Port=');
    await gui.close();

    const named = await gdbserver(['--multi', 'localhost:0']);
    const target = spawn(wheel, ['0'], { stdio: 'ignore', argv0: 'wheel' });
    try {
      const attach = { kind: 'attach', pid: 0, noninvasive: false, noBreak: false };
      const request = { premote: named.connection, target: attach, processName: 'no-such-wheel' };
      const none = await openGui(handOver(request));
      await expect(none.page.getByRole('alert')).toContainText("no process called 'no-such-wheel'");
      await expect(none.stubBanner).toBeVisible();
      await none.close();
      const pid = { premote: (await gdbserver(['--multi', 'localhost:0'])).connection };
      const attached = await openGui(handOver({ ...pid, target: { ...attach, pid: target.pid } }));
      await attached.expectStopped();
      await attached.choose('Debug', 'Stop Debugging');
      await attached
        .dialog('Stop Debugging')
        .getByRole('button', { name: /Leave it running/ })
        .click();
      await expect(attached.stubBanner).toBeVisible();
      await attached.close();
    } finally {
      target.kill('SIGKILL');
    }
    const refused = await openGui(handOver({ premote: 'tcp:server=localhost,port=1' }));
    await expect(refused.stubDialog).toContainText('refused the connection');
    await expect(refused.stubDialog.getByRole('textbox', { name: 'Connection string' })).toHaveValue(
      'tcp:Port=1,Server=localhost',
    );
  });

  test('-premote over ssl: -pn attaches to the one of that name, -cimp starts what the server was told', async ({
    openGui,
    tool,
    profile,
    wheel,
  }) => {
    const env = { XDG_DATA_HOME: join(profile, 'certificates'), HAWSER_PASSWORD: 'fathom' };
    expect(await tool(['certs', 'create', 'lab'], env).exited()).toBe(0);
    const connection = `ssl:proto=tls1.3,certuser=lab,port=${ports},bind=127.0.0.1`;
    const server = tool(['dbgsrv', '-t', connection, '-pc', wheel, '0', 'told-by-the-server'], env);
    const [, port] = await server.says(/ssl:Proto=.*Port=(\d+)/);
    const premote = `ssl:proto=tls1.3,certuser=lab,server=localhost,port=${port}`;
    const name = `wheel-${process.pid}`;
    copyFileSync(wheel, join(profile, name));
    const target = spawn(join(profile, name), ['0'], { stdio: 'ignore' });
    try {
      const attach = { kind: 'attach', pid: 0, noninvasive: false, noBreak: false };
      const request = { premote, target: attach, processName: name };
      const attached = await openGui({ ...handOver(request), ...env });
      await attached.expectStopped();
      const status = attached.page.getByRole('region', { name: 'Status' });
      await expect(status).toContainText(String(target.pid));
      await expect(status).toContainText('Process server: ssl:');
      await expect(attached.page.getByText('fathom')).toHaveCount(0);
      await attached.run('.detach');
      await expect(attached.prompt).toHaveText('NoTarget>');
      await attached.close();
    } finally {
      target.kill('SIGKILL');
    }
    const implicit = await openGui({ ...handOver({ premote, implicit: true }), ...env });
    await implicit.expectStopped();
    await expect.poll(() => implicit.title()).toContain('told-by-the-server');
    await implicit.run('.kill');
    await expect(implicit.prompt).toHaveText('NoTarget>');
  });

  test('a program with -server, -c and -g', async ({ openGui, tool, wheel }) => {
    const gui = await openGui({
      ...handOver({
        server: `tcp:port=${ports},bind=127.0.0.1`,
        target: { kind: 'launch', program: wheel, args: [] },
        start: {
          ignoreInitialBreak: false,
          ignoreFinalBreak: false,
          symbolPath: [],
          sourcePath: [],
          commands: '.echo at the beginning; .servers',
          detachAtEnd: false,
          breakOnConnect: false,
        },
      }),
      HAWSER_PASSWORD: 'fathom',
    });
    await expect(gui.log).toContainText('at the beginning');
    await gui.choose('View', 'Servers');
    const connection = gui.dialog('Servers').getByRole('cell', { name: /tcp:/ });
    const shown = await connection.innerText();
    expect(shown).not.toContain('fathom');
    const client = tool(['cdb', '-remote', shown], { HAWSER_PASSWORD: 'fathom' });
    await client.says('at the beginning');
  });

  test('hawser windbg runs until its window is closed, and hands no password to a command line', async ({
    tool,
    profile,
    wheel,
    serve,
  }) => {
    const { connection } = await serve([wheel], { password: 'fathom' });
    const child = tool(['windbg', '-remote', connection], {
      XDG_CONFIG_HOME: profile,
      HAWSER_PASSWORD: 'fathom',
    });
    const keyboard = Keyboard.ofWindow('Port=.*Hawser');
    expect(child.ended).toBe(false);
    const children = readFileSync(`/proc/${child.process.pid}/task/${child.process.pid}/children`, 'utf8');
    const electron = readFileSync(`/proc/${children.trim().split(' ')[0]}/cmdline`, 'utf8');
    expect(electron).not.toContain('fathom');
    expect(electron).not.toContain('-remote');
    keyboard.press('alt+F4');
    expect(await child.exited()).toBe(0);
  });

  test('Ctrl+C ends hawser windbg, and the program that it debugs', async ({ tool, profile, wheel }) => {
    const child = tool(['windbg', '-g', wheel, '0', 'ended-by-ctrl-c'], { XDG_CONFIG_HOME: profile });
    Keyboard.ofWindow('ended-by-ctrl-c on .* - Hawser');
    child.process.kill('SIGINT');
    expect(await child.exited()).not.toBeNull();
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('ended-by-ctrl-c');
  });

  test('hawser windbg: a wrong command line is told, exit status 2', async ({ tool }) => {
    const child = tool(['windbg', '-nonsense']);
    await child.says("Unknown option '-nonsense'");
    expect(await child.exited()).toBe(2);
  });
});
