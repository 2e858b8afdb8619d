import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { debuggerOptions, parseDebuggerArguments } from '../cli/debugger-options.ts';
import { findElectron, noSandboxReason } from './electron.ts';
import { guiEnvironment } from './hand-over.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-windbg-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(...path: string[]): string {
  const file = join(folder, ...path, 'electron');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

describe.runIf(process.platform === 'linux')('findElectron', () => {
  it('takes the launcher’s word, then the override, then the newest in the cache, then the package', () => {
    const told = program('told');
    const override = program('override');
    program('cache', 'hawser', 'electron', '9.0.0');
    const cached = program('cache', 'hawser', 'electron', '42.0.0');
    const own = program('node_modules', 'electron', 'dist');
    const env = { XDG_CACHE_HOME: join(folder, 'cache') };
    const nowhere = { XDG_CACHE_HOME: join(folder, 'none') };
    const overridden = { ...env, ELECTRON_OVERRIDE_DIST_PATH: dirname(override) };
    expect(findElectron(folder, { ...overridden, HAWSER_ELECTRON: told })).toBe(told);
    expect(findElectron(folder, overridden)).toBe(override);
    expect(findElectron(folder, env)).toBe(cached);
    expect(findElectron(folder, nowhere)).toBe(own);
    expect(() => findElectron(join(folder, 'none'), nowhere)).toThrow(
      expect.objectContaining({ code: 'ELECTRON_MISSING' }),
    );
  });
});

describe.runIf(process.platform === 'linux')('noSandboxReason', () => {
  const kernel = (settings: Record<string, string>) => (name: string) => settings[name] ?? null;

  it.each([
    ['root', 0, {}],
    ['clone', 1000, { 'kernel/unprivileged_userns_clone': '0' }],
    ['none', 1000, { 'user/max_user_namespaces': '0' }],
    ['apparmor', 1000, { 'kernel/apparmor_restrict_unprivileged_userns': '1' }],
  ])('%s', (_name, uid, settings) => {
    expect(noSandboxReason(program('x'), uid, kernel(settings))).toMatch(/root|namespaces/);
  });

  it('is null where the kernel gives them', () => {
    const settings = { 'kernel/unprivileged_userns_clone': '1', 'user/max_user_namespaces': '9999' };
    expect(noSandboxReason(program('x'), 1000, kernel(settings))).toBeNull();
  });
});

describe('guiEnvironment', () => {
  const parse = (...argv: string[]) => parseDebuggerArguments(argv, debuggerOptions);

  it('hands over what was asked for, and a password apart', () => {
    const env = guiEnvironment(parse('\u2013remote', 'tcp:server=x,port=1'), 'fathom', {
      PATH: '/bin',
      HAWSER_PASSWORD: 'old',
      ELECTRON_RUN_AS_NODE: '1',
    });
    expect(env).toMatchObject({ PATH: '/bin', HAWSER_PASSWORD: 'fathom' });
    expect(env.ELECTRON_RUN_AS_NODE).toBeUndefined();
    expect(JSON.parse(env.HAWSER_ARGV ?? '')).toMatchObject({ remote: 'tcp:server=x,port=1', target: null });
  });

  it('hands over a process server, and a process by its name', () => {
    const handed = (...argv: string[]) =>
      JSON.parse(guiEnvironment(parse(...argv), undefined, {}).HAWSER_ARGV ?? '');
    expect(handed('-premote', 'tcp:server=x,port=1')).toMatchObject({
      premote: 'tcp:server=x,port=1',
      target: null,
      implicit: false,
    });
    expect(handed('-premote', 'gdb:server=x,port=1', '-pn', 'loop', '-pv')).toMatchObject({
      processName: 'loop',
      target: { kind: 'attach', noninvasive: true },
    });
    expect(handed('-premote', 'tcp:server=x,port=1', '-cimp')).toMatchObject({
      implicit: true,
      target: null,
    });
    // Of the target's machine: no folder of this one.
    expect(handed('-premote', 'tcp:server=x,port=1', './loop').target).not.toHaveProperty('cwd');
    expect(handed('-pn', 'loop')).not.toHaveProperty('premote');
  });

  it('has no password where none was given', () => {
    expect(guiEnvironment(parse('-p', '12'), undefined, { HAWSER_PASSWORD: 'old' })).not.toHaveProperty(
      'HAWSER_PASSWORD',
    );
  });
});
