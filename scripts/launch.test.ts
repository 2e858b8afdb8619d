import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOfTool } from './launch.mjs';
import { nodeTooOld } from './lib/node-version.mjs';

describe('what a tool needs', () => {
  it.each([
    ['the GUI', ['windbg'], 'gui'],
    ['the GUI with arguments', ['windbg', '-remote', 'tcp:server=x,port=1'], 'gui'],
    ['help for the GUI', ['windbg', '-?'], 'plain'],
    ['an engine', ['cdb', './program'], 'engine'],
    ['a debugging client', ['cdb', '-remote', 'tcp:server=x,port=1'], 'plain'],
    ['a client with an en dash', ['cdb', '\u2013remote', 'tcp:server=x,port=1'], 'plain'],
    ['a smart client', ['cdb', '-premote', 'tcp:server=x,port=1', '-p', '5'], 'engine'],
    ['a process server', ['dbgsrv', '-t', 'tcp:port=1'], 'gateway'],
    ['help for a process server', ['dbgsrv', '-?'], 'plain'],
    ['help for an engine', ['cdb', '/?'], 'plain'],
    ['help', ['help'], 'plain'],
    ['nothing', [], 'plain'],
  ])('%s', (_name, argv, kind) => {
    expect(kindOfTool(argv)).toBe(kind);
  });
});

it.each([
  ['18.20.4', true],
  ['20.18.3', true],
  ['20.19.0', false],
  ['22.0.0', false],
])('Node %s is too old: %s', (version, old) => {
  expect(nodeTooOld(version) !== undefined).toBe(old);
});

it('runs through a link, from any folder, with nothing of its own on standard output', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-link-'));
  try {
    const link = join(folder, 'hawser');
    symlinkSync(resolve(import.meta.dirname, '../tools/hawser'), link);
    // The first run may have to build.
    spawnSync(link, ['version'], { cwd: folder });
    const { status, stdout, stderr } = spawnSync(link, ['version'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^hawser \d+\.\d+\.\d+\n$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
