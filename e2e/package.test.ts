import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Child } from './support/child.ts';
import { picture } from './support/gui.ts';
import { Hub, PASSWORD } from './support/hub.ts';
import { homeOf, makePackage, PackagedWindow, user } from './support/packaged.ts';
import { root } from './support/paths.ts';
import { ports } from './support/ports.ts';
import { compiled } from './support/programs.ts';
import { expect as plainExpect, test } from './support/test.ts';

/** Making a package keeps the machine busy, and the window starts without a warm cache. */
const expect = plainExpect.configure({ timeout: 90_000 });
const full = process.env.HAWSER_FULL !== undefined;

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

let folder: string;
let base: string;
let env: NodeJS.ProcessEnv;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  folder = await makePackage();
  base = mkdtempSync(join(tmpdir(), 'hawser-package-'));
  chmodSync(base, 0o755);
  env = homeOf(join(base, 'home'));
});
test.afterAll(() => rmSync(base, { recursive: true, force: true }));

const console = () => join(folder, 'hawser');
const window = () => join(folder, 'hawser-window');

/** A tool of the package, as who uses it. */
const tool = (...args: string[]) => new Child(args, env, [console()], user);

test('the window’s program is Hawser and nothing else', async () => {
  const wire = await getCurrentFuseWire(window());
  const off = ['RunAsNode', 'EnableNodeOptionsEnvironmentVariable', 'EnableNodeCliInspectArguments'] as const;
  for (const name of [...off, 'GrantFileProtocolExtraPrivileges'] as const)
    expect(wire[FuseV1Options[name]], name).toBe(FuseState.DISABLE);
  for (const name of ['OnlyLoadAppFromAsar', 'EnableCookieEncryption'] as const)
    expect(wire[FuseV1Options[name]], name).toBe(FuseState.ENABLE);
  // As root it would show its pages without a sandbox, and so it shows none.
  const asNode = spawnSync(window(), ['-e', 'console.log("is Node")'], {
    env: { ...env, DISPLAY: '', ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
    ...user,
  });
  expect(asNode.stdout).not.toContain('is Node');
  expect(asNode.status).not.toBe(0);
});

test('its papers', async () => {
  expect(execFileSync(console(), ['version'], { env, encoding: 'utf8' })).toBe(
    `hawser ${manifest.version}\n`,
  );
  const licences = readFileSync(join(folder, 'LICENSES.txt'), 'utf8');
  for (const part of ['react ', 'dockview-core ', 'ws ', 'Node.js ', 'Electron '])
    expect(licences).toMatch(new RegExp(`^${part}`, 'm'));
  expect(licences).not.toContain('vitest');
  const bom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  const names = bom.components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['electron', 'node', 'react', 'vscode-jsonrpc', 'zod']));
  expect(names).not.toContain('vitest');
  expect(bom.components.every((one: { licenses?: unknown[] }) => one.licenses?.length)).toBe(true);
  for (const paper of ['LICENSE.txt', 'LICENSE.electron.txt', 'LICENSES.chromium.html', 'README.md'])
    expect(existsSync(join(folder, paper)), paper).toBe(true);
});

test('a remote session in its window, sandboxed', async () => {
  test.setTimeout(180_000);
  const where = `tcp:port=${ports},bind=127.0.0.1`;
  const server = tool('cdb', '-server', where, compiled('wheel'));
  const port = await portOf(server);
  const shown = await PackagedWindow.open(window(), env);
  try {
    const { page } = shown;
    await page.getByRole('button', { name: /^Connect to Remote Session/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect to Remote Debugger Session' });
    const string = dialog.getByRole('textbox', { name: 'Connection string' });
    await string.fill(`tcp:server=localhost,port=${port}`);
    await dialog.getByRole('button', { name: 'OK' }).click();
    const log = page.getByRole('log', { name: 'Command window' });
    await page.getByRole('textbox', { name: 'Command', exact: true }).fill('? 0n19 + 4');
    await page.keyboard.press('Enter');
    await expect(log).toContainText('Evaluate expression: 23');
    await expect.poll(() => server.output).toContain('Evaluate expression: 23');

    shown.keyboard.press('alt+h', 'a');
    const about = page.getByRole('dialog', { name: 'About Hawser' });
    await expect(about).toContainText(`Hawser ${manifest.version}`);
    await expect(about).toContainText('Electron');
    await picture(page, 'package-about');
    await about.getByRole('button', { name: 'Licences' }).click();
    const licences = page.getByRole('dialog', { name: 'Licences' });
    await expect(licences.getByRole('textbox')).toHaveValue(/^=+\nvscode-jsonrpc /m);
    await picture(page, 'package-licences');
    // Chromium's own word for it: each page's process is shut in.
    expect(readFileSync(`/proc/${rendererOf(shown.process.pid ?? 0)}/status`, 'utf8')).toMatch(
      /^Seccomp:\s+2$/m,
    );
  } finally {
    await shown.close();
    await server.end();
  }
});

test('its command opens its window', async () => {
  test.skip(!full, 'only in npm run test:full');
  test.setTimeout(180_000);
  const server = tool('cdb', '-server', `tcp:port=${ports},bind=127.0.0.1`, compiled('wheel'));
  const port = await portOf(server);
  const windbg = tool('windbg', '-remote', `tcp:server=localhost,port=${port}`);
  try {
    await expect.poll(() => server.output).toMatch(/\(tcp 127\.0\.0\.1:\d+\) connected at/);
  } finally {
    await windbg.end();
    await server.end();
  }
});

test('a hosted session: its agent is the console program of the package', async () => {
  test.skip(!full, 'only in npm run test:full');
  test.setTimeout(300_000);
  const hub = await Hub.start();
  await hub.account('ann@harbour.example', 'Ann Mooring', '-may-host', '-may-join');
  const shown = await PackagedWindow.open(window(), env);
  try {
    const place = await shown.opens(() => shown.keyboard.press('ctrl+h'));
    await place.getByRole('textbox', { name: 'Hub' }).fill(hub.address);
    await place.getByRole('button', { name: 'Next' }).click();
    await place.getByRole('button', { name: 'Accept This Certificate' }).click({ timeout: 90_000 });
    await place.getByRole('textbox', { name: 'E-mail address' }).fill('ann@harbour.example');
    await place.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await place.getByRole('button', { name: 'Sign In', exact: true }).click();
    await place.getByRole('button', { name: 'Actions' }).click({ timeout: 90_000 });
    await place.getByRole('menuitem', { name: 'Host Session…' }).click();
    const dialog = place.getByRole('dialog', { name: 'Host Session' });
    await dialog.getByLabel('Debugger location').fill('cdb');
    await dialog.getByLabel('Arguments').fill(compiled('wheel'));
    await dialog.getByLabel('Session name').fill('Rudder');
    const ok = dialog.getByRole('button', { name: 'OK' });
    await ok.click();
    await expect(dialog).toContainText('There is no -remote among the arguments.');
    const view = await shown.opens(() => ok.click());
    await expect(view.getByRole('log', { name: 'Command window' })).toContainText('wheel');
    const programs = processes().map(({ args }) => args);
    const own = join(folder, 'resources/hawser');
    expect(programs).toContain(`${own} hosted-agent`);
    expect(programs.filter((args) => args.startsWith(`${own} cdb `))).toHaveLength(1);
    await view.getByRole('textbox', { name: 'Command', exact: true }).fill('qq');
    await view.keyboard.press('Enter');
    await expect(view.getByRole('region', { name: 'Status' })).toContainText('Terminated');
    await expect.poll(() => processes().some(({ args }) => args.startsWith(own))).toBe(false);
  } finally {
    await shown.close();
    await hub.close();
  }
});

test('as root it opens no window without a sandbox', async () => {
  test.skip(user.uid === undefined, 'the tests do not run as root');
  test.skip(!full, 'only in npm run test:full');
  const asRoot = new Child(['windbg'], { ...env, HOME: base }, [console()]);
  await asRoot.says('The window is not opened without the sandbox');
  expect(await asRoot.exited()).toBe(1);
});

test('what is installed', async () => {
  test.skip(!full, 'archives are made by npm run test:full');
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const deb = join(folder, '..', `hawser_${manifest.version}_${arch}.deb`);
  const contents = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' });
  expect(contents).toMatch(/^-rwsr-xr-x root\/root .* \.\/opt\/hawser\/chrome-sandbox$/m);
  expect(contents).toMatch(/ \.\/usr\/bin\/hawser -> \.\.\/\.\.\/opt\/hawser\/resources\/hawser$/m);
  expect(contents).not.toMatch(/^[-d].{4}w|^[-d].{7}w/m);
  const fields = execFileSync('dpkg-deb', ['--field', deb, 'Version', 'Depends'], { encoding: 'utf8' });
  expect(fields).toContain(`Version: ${manifest.version}`);
  expect(fields).toContain('libgtk-3-0t64 | libgtk-3-0');
  const unpacked = join(base, 'deb');
  execFileSync('dpkg-deb', ['--extract', deb, unpacked]);
  const version = execFileSync(join(unpacked, 'usr/bin/hawser'), ['version'], { env, encoding: 'utf8' });
  expect(version).toBe(`hawser ${manifest.version}\n`);
  const archive = `${folder}.tar.gz`;
  const listed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8', maxBuffer: 1 << 24 });
  expect(listed).toMatch(/\/hawser-window$/m);
  expect(statSync(archive).size).toBeGreaterThan(50e6);
});

/** Waits for a server. */
async function portOf(server: Child): Promise<string> {
  await expect.poll(() => server.output).toMatch(/-remote tcp:Port=\d+/);
  return /-remote tcp:Port=(\d+)/.exec(server.output)?.[1] ?? '';
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): readonly Running[] {
  return execFileSync('ps', ['-ww', '-eo', 'pid,ppid,args'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args ?? '' }));
}

/** The process of a page: below the one that was started, by the way of Chromium's zygote. */
function rendererOf(pid: number): number {
  const all = processes();
  const below = (parent: number): readonly Running[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  const page = below(pid).find(({ args }) => args.includes('--type=renderer'));
  if (!page) throw new Error('there is no process of a page');
  return page.pid;
}
