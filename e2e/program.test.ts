import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HawserApi } from '../electron/ipc/contract.ts';
import type { Gui } from './support/gui.ts';
import { ports } from './support/ports.ts';
import { expect, test } from './support/test.ts';

/** Answers the system's message boxes in place of a person, and keeps what they said. */
async function answerBoxes(gui: Gui, response: number): Promise<() => Promise<string[]>> {
  await gui.app.evaluate(({ dialog }, answer) => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { message, detail } = args.at(-1) as { message: string; detail?: string };
      said.push(`${message}\n${detail ?? ''}`);
      return { response: answer, checkboxChecked: false };
    };
  }, response);
  return () => gui.app.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

const openExecutable = async (gui: Gui, program: string) => {
  await gui.choose('File', 'Open Executable');
  const dialog = gui.dialog('Open Executable');
  await dialog.getByLabel('File name').fill(program);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
};

test.describe('the program', () => {
  test('gives its page nothing: no Node, no other address, no window, no permission', async ({ gui }) => {
    await gui.expectDormant();
    const seen = await gui.page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
      const opened = window.open('https://example.com/');
      let injection = 'none';
      try {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
      } catch (error) {
        injection = String(error);
      }
      const fetched = await fetch('hawser://app/../../../etc/passwd').then(
        (response) => response.status,
        () => 'refused',
      );
      const permission = await Notification.requestPermission();
      window.location.href = 'https://example.com/';
      await new Promise((resolve) => setTimeout(resolve, 100));
      return {
        node: [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')],
        hawser: Object.keys(Reflect.get(window, 'hawser') as HawserApi).sort(),
        opened,
        injected: 'injected' in window,
        injection,
        fetched,
        permission,
        blocked: [...new Set(blocked)],
        where: window.location.href,
      };
    });
    expect(seen).toMatchObject({
      node: ['undefined', 'undefined'],
      hawser: ['invoke', 'on'],
      opened: null,
      injected: false,
      fetched: 'refused',
      permission: 'denied',
      where: 'hawser://app/index.html',
    });
    expect(seen.injection).toContain('TrustedScript');
    expect(seen.blocked).toContain('connect-src');
    const preferences = await gui.app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      const last = contents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity } = last.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
  });

  test('answers wrong requests with an error, whole', async ({ gui }) => {
    const outcomes = await gui.page.evaluate(async () => {
      const { invoke } = Reflect.get(window, 'hawser') as {
        invoke(name: string, args: unknown): Promise<unknown>;
      };
      return Promise.all([
        invoke('nonsense', undefined),
        invoke('__proto__', undefined),
        invoke('process/attach', { pid: -1, noninvasive: false }),
        invoke('session/reconnect', undefined),
      ]);
    });
    const code = (name: string) => ({ ok: false, error: { code: name, message: expect.any(String) } });
    expect(outcomes).toMatchObject(['BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST', 'NO_LOST_LINK'].map(code));
  });

  test('closing the window with an attached target asks; detached, it lives on', async ({ gui, wheel }) => {
    const target = spawn(wheel, { stdio: 'ignore' });
    try {
      await once(target, 'spawn');
      await gui.choose('File', 'Attach to a Process');
      const dialog = gui.dialog('Attach to Process');
      await dialog.getByLabel('Process ID').fill(String(target.pid));
      await dialog.getByRole('button', { name: 'OK' }).click();
      await gui.expectStopped();
      const cancelled = await answerBoxes(gui, 2);
      gui.keyboard.press('alt+F4');
      await expect.poll(cancelled).toEqual([expect.stringContaining('before Hawser attached')]);
      await gui.expectStopped();
      await answerBoxes(gui, 1);
      const closed = gui.app.waitForEvent('close');
      gui.keyboard.press('alt+F4');
      await closed;
      expect([target.exitCode, target.signalCode]).toEqual([null, null]);
    } finally {
      target.kill('SIGKILL');
    }
  });

  test('closing the window with clients connected asks', async ({ gui, tool, wheel }) => {
    await openExecutable(gui, wheel);
    await gui.run(`.server tcp:port=${ports},bind=127.0.0.1`);
    await expect(gui.log).toContainText('-remote tcp:Port=');
    const [, port] = /-remote\s+tcp:Port=(\d+)/.exec(await gui.shown()) ?? [];
    const client = tool(['cdb', '-remote', `tcp:server=localhost,port=${port}`]);
    await client.says('connected');
    await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText('1 other');
    const said = await answerBoxes(gui, 2);
    gui.keyboard.press('alt+F4');
    await expect.poll(said).toEqual([expect.stringContaining('One client is connected and will lose it')]);
    await answerBoxes(gui, 0);
    const closed = gui.app.waitForEvent('close');
    gui.keyboard.press('alt+F4');
    await closed;
    await client.says('The session was ended');
  });

  test('a page that crashes comes back to the session', async ({ gui, wheel }) => {
    await openExecutable(gui, wheel);
    await gui.run('.echo before the crash');
    await expect(gui.log).toContainText('before the crash');
    const again = gui.app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      if (!contents) throw new Error('there is no page');
      return new Promise<string>((resolve) => {
        contents.once('did-finish-load', async () => {
          // The page's own text, since the driver has lost a page that crashed.
          for (let text = ''; ; await new Promise((next) => setTimeout(next, 50))) {
            text = await contents.executeJavaScript('document.body.innerText');
            if (text.includes('before the crash')) return resolve(text);
          }
        });
        contents.forcefullyCrashRenderer();
      });
    });
    expect(await again).toContain('before the crash');
  });

  test('a defect is said and logged, and does not end it', async ({ gui, profile }) => {
    const said = await answerBoxes(gui, 0);
    await gui.app.evaluate(() => {
      setImmediate(() => {
        throw new Error('made by a test, password=fathom');
      });
    });
    await expect.poll(said).toEqual([expect.stringContaining('made by a test, password=*')]);
    await gui.expectDormant();
    const log = readFileSync(join(profile, 'logs', 'hawser.log'), 'utf8');
    expect(log).toContain('uncaught exception: Error: made by a test');
    expect(log).not.toContain('fathom');
    await gui.choose('Help', 'Copy Diagnostic Report');
    const report = await gui.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(report).toMatch(/^Hawser \d+\.\d+\.\d+\nElectron /);
    expect(report).toContain('made by a test');
    expect(report).not.toContain('fathom');
  });

  test('remembers its window and theme; a broken file is set aside', async ({ openGui, profile }) => {
    const bounds = { x: 40, y: 30, width: 900, height: 600 };
    const now = (gui: Gui) =>
      gui.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    const first = await openGui();
    await first.app.evaluate(({ BrowserWindow }, wanted) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
    }, bounds);
    await expect.poll(() => now(first)).toEqual(bounds);
    await first.close();
    writeFileSync(join(profile, 'history.json'), '{');
    const second = await openGui();
    await second.expectDormant();
    await expect.poll(() => now(second)).toEqual(bounds);
    expect(readFileSync(join(profile, 'history.json.broken'), 'utf8')).toBe('{');
    expect(readFileSync(join(profile, 'logs', 'hawser.log'), 'utf8')).toContain(
      'is broken and was set aside',
    );
  });
});
