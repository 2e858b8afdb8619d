import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { which } from '../lib/exec.mjs';
import { makeArchive, makeDeb } from './linux.mjs';
import { makePackages } from './package.mjs';
import { platforms } from './platforms.mjs';
import { sbom } from './sbom.mjs';
import { zipFolder } from './zip.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-package-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder like a program's. */
function program(): string {
  const made = join(folder, 'hawser-1.2.3-linux-x64');
  mkdirSync(join(made, 'resources'), { recursive: true });
  writeFileSync(join(made, 'hawser-window'), 'a program', { mode: 0o755 });
  writeFileSync(join(made, 'resources/hawser'), 'another', { mode: 0o755 });
  writeFileSync(join(made, 'chrome-sandbox'), 'a helper', { mode: 0o755 });
  writeFileSync(join(made, 'resources/empty'), '');
  writeFileSync(join(made, 'large'), Buffer.alloc(3_000_000, 'seven bytes '));
  for (const path of [made, join(made, 'resources')]) chmodSync(path, 0o755);
  return made;
}

/** What packager unpacks releases with. */
const unpacker = '@electron-internal/extract-zip';

it('a folder comes out of the ZIP archive as it went in', async () => {
  const from = program();
  zipFolder(from, join(folder, 'a.zip'));
  const { extract } = await import(unpacker);
  await extract(join(folder, 'a.zip'), { dir: join(folder, 'out') });
  for (const name of ['hawser-window', 'resources/hawser', 'resources/empty', 'large']) {
    expect(readFileSync(join(folder, 'out', name)).equals(readFileSync(join(from, name))), name).toBe(true);
    expect(statSync(join(folder, 'out', name)).mode, name).toBe(statSync(join(from, name)).mode);
  }
});

describe('what is installed on Linux', () => {
  it('belongs to root, the helper of the sandbox with its bit', async (context) => {
    if (which('dpkg-deb') === undefined) context.skip('dpkg-deb is not installed');
    const output = join(folder, 'hawser.deb');
    await makeDeb(program(), { version: '1.2.3', arch: 'x64', work: folder, output, quick: true });
    const listed = execFileSync('dpkg-deb', ['--contents', output], { encoding: 'utf8' });
    expect(listed).toMatch(/^-rwsr-xr-x root\/root .* \.\/opt\/hawser\/chrome-sandbox$/m);
    expect(listed).toMatch(/\.\/usr\/bin\/hawser -> \.\.\/\.\.\/opt\/hawser\/resources\/hawser$/m);
    expect(listed).toMatch(/\.\/usr\/share\/applications\/hawser\.desktop$/m);
    const fields = execFileSync('dpkg-deb', ['--field', output], { encoding: 'utf8' });
    expect(fields).toMatch(/^Version: 1\.2\.3$/m);
    expect(fields).toMatch(/^Architecture: amd64$/m);
    expect(fields).toMatch(/^Depends: .*libgtk-3-0t64 \| libgtk-3-0/m);
    expect(fields).toMatch(/^Recommends: gdb, gdbserver$/m);
  });

  it('is one folder in the archive', async () => {
    const output = join(folder, 'a.tar.gz');
    await makeArchive(program(), output, true);
    const listed = execFileSync('tar', ['-tvzf', output], { encoding: 'utf8' });
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 .* hawser-1\.2\.3-linux-x64\/hawser-window$/m);
  });
});

it('the bill of materials has what is in it and nothing else, each with its licence', async () => {
  const packages = ['zod', 'react', 'vscode-jsonrpc'].map((name) =>
    resolve(import.meta.dirname, '../../node_modules', name),
  );
  const bom = await sbom(packages, { electron: '45.0.0', node: '20.0.0' });
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'hawser' } } });
  const names = bom.components.map(({ name }) => name).sort();
  expect(names).toEqual(['electron', 'node', 'react', 'vscode-jsonrpc', 'zod']);
  for (const one of bom.components) {
    expect(one).toHaveProperty('licenses.0');
    expect(one).toMatchObject({ purl: expect.stringMatching(/^pkg:/), scope: 'required' });
  }
  // Every reference leads to something.
  const known = new Set([bom.metadata.component, ...bom.components].map((one) => one['bom-ref']));
  for (const { ref, dependsOn = [] } of bom.dependencies)
    for (const each of [ref, ...dependsOn]) expect(known).toContain(each);
});

it('every system has its program’s name and what is said of it', () => {
  expect(Object.keys(platforms).sort()).toEqual(['darwin', 'linux', 'win32']);
  for (const { options } of Object.values(platforms))
    if (typeof options.icon === 'string') expect(existsSync(options.icon), options.icon).toBe(true);
});

it('what is not known is refused with what there is', async () => {
  const said: string[] = [];
  await expect(makePackages({ platform: 'beos' }, (line) => said.push(line))).rejects.toThrow(
    'the platform beos is not one of linux, win32, darwin',
  );
  await expect(makePackages({ only: 'rpm' }, (line) => said.push(line))).rejects.toThrow(
    'the kind rpm is not one of folder, tar, deb',
  );
});
