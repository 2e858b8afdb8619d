import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Keyboard } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

/** As `hawser windbg` hands its command line over. */
const handOver = (request: object) => ({
  HAWSER_ARGV: JSON.stringify({
    remote: null,
    server: null,
    target: null,
    start: {
      ignoreInitialBreak: false,
      ignoreFinalBreak: false,
      symbolPath: [],
      sourcePath: [],
      commands: '',
      detachAtEnd: false,
      breakOnConnect: false,
    },
    historyCommands: null,
    resumeWindow: null,
    ...request,
  }),
});

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

  test('a program with -server, -c and -g', async ({ openGui, tool, wheel }) => {
    const gui = await openGui({
      ...handOver({
        server: 'tcp:port=5200:5400,bind=127.0.0.1',
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
    Keyboard.ofWindow('ended-by-ctrl-c - Hawser');
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
