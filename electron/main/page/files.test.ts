import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageFiles } from './files.ts';

it('serves the files of the page, and nothing that is not one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-page-'));
  try {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<p>');
    writeFileSync(join(folder, 'assets', 'a.js'), '1');
    writeFileSync(join(folder, 'notes.txt'), '');
    symlinkSync('/etc/hostname', join(folder, 'link.html'));
    const files = pageFiles(folder);
    expect([...files.keys()].sort()).toEqual(['/assets/a.js', '/index.html']);
    expect(files.get('/assets/a.js')?.type).toMatch(/^text\/javascript/);
    expect(files.get('/index.html')?.read().toString()).toBe('<p>');
    expect(files.get('/../../etc/passwd')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
