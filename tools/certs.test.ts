import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runConsole } from './testing/console-process.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'hawser-certs-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** `hawser certs …` with stores of its own, one for each end. */
const at =
  (end: string, env: Record<string, string> = {}) =>
  (args: readonly string[]) =>
    runConsole(['certs', ...args], [], {
      XDG_DATA_HOME: join(base, end),
      HAWSER_MACHINE_CERTS: join(base, end, 'machine'),
      ...env,
    });
const thumbprint = (text: string) => /SHA-1: +([0-9A-F ]+)/.exec(text)?.[1] ?? '';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('hawser certs', () => {
  it.each(['lab.p12', 'lab.pem'])(
    'creates, exports to %s, imports, lists, shows and removes',
    async (name) => {
      const secret = { HAWSER_CERT_PASSWORD: 'harbour' };
      const file = join(base, name);
      const created = await at('one')(['create', 'lab']);
      expect(created).toMatchObject({ status: 0, stderr: '' });
      expect(created.stdout).toMatch(
        /^Subject: +lab\nIssuer: +itself\nKey: +RSA 3072, private key in the store$/m,
      );
      const folder = join(base, 'one/hawser/certs');
      for (const each of readdirSync(folder)) expect(statSync(join(folder, each)).mode & 0o077).toBe(0);

      const exported = await at('one', secret)(['export', thumbprint(created.stdout), file]);
      expect(exported.stdout).toContain('with its private key');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'latin1')).not.toContain('BEGIN PRIVATE KEY');
      const again = await at('one', secret)(['export', 'lab', file]);
      expect(again).toMatchObject({ status: 1 });
      expect(again.stderr).toContain('exists already');

      const wrong = await at('two', { HAWSER_CERT_PASSWORD: 'wrong' })(['import', file]);
      expect(wrong.stderr).toMatch(/The password does not open/);
      const none = await at('two')(['import', file]);
      expect(none.stderr).toMatch(/-passwordfile/);
      writeFileSync(join(base, 'password'), 'harbour\n');
      const imported = await at('two')(['import', file, '-passwordfile', join(base, 'password'), '-machine']);
      expect(imported).toMatchObject({ status: 0, stderr: '' });
      expect(thumbprint(imported.stdout)).toBe(thumbprint(created.stdout));

      expect((await at('two')(['list'])).stdout).toMatch(/^There are no certificates/);
      const listed = await at('two')(['list', '-machine']);
      expect(listed.stdout).toMatch(/^lab +\d{4}-\d\d-\d\d +yes +[0-9A-F]{40}$/m);
      const shown = await at('two')(['show', 'LAB', '-machine']);
      expect(shown.stdout).toContain('BEGIN CERTIFICATE');
      expect(shown.stdout).not.toContain('PRIVATE KEY-----');
      expect((await at('two')(['remove', 'lab', '-machine'])).status).toBe(0);
      const gone = await at('two')(['show', 'lab', '-machine']);
      expect(gone.stderr).toMatch(/No certificate named lab is in the machine's store/);
    },
  );

  it('warns of an end that is near, and of a missing key', async () => {
    expect((await at('one')(['create', 'short', '-days', '3'])).status).toBe(0);
    expect((await at('one')(['list'])).stderr).toMatch(
      /^WARNING: The certificate short expires on .*, in 2 days\.$/m,
    );
    const file = join(base, 'short.pem');
    expect((await at('one')(['export', 'short', file, '-nokey'])).status).toBe(0);
    const imported = await at('two')(['import', file]);
    expect(imported.stderr).toMatch(/without its private key/);
  });

  it.skipIf(!hasOpenssl)(
    "takes openssl's files, also with elliptic curves, and openssl takes ours",
    async () => {
      const run = (...args: string[]) =>
        execFileSync('openssl', args, { cwd: base, stdio: ['ignore', 'pipe', 'ignore'] });
      run(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-keyout',
        'key.pem',
        '-out',
        'cert.pem',
        '-days',
        '400',
        '-subj',
        '/CN=curve',
        '-passout',
        'pass:harbour',
      );
      run(
        'pkcs12',
        '-export',
        '-in',
        'cert.pem',
        '-inkey',
        'key.pem',
        '-passin',
        'pass:harbour',
        '-passout',
        'pass:harbour',
        '-out',
        'curve.p12',
      );
      const secret = { HAWSER_CERT_PASSWORD: 'harbour' };
      const imported = await at('one', secret)(['import', join(base, 'curve.p12')]);
      expect(imported).toMatchObject({ status: 0, stderr: '' });
      expect(imported.stdout).toMatch(/EC PRIME256V1|EC prime256v1/);
      writeFileSync(
        join(base, 'both.pem'),
        run('x509', '-in', 'cert.pem').toString() + readFileSync(join(base, 'key.pem'), 'utf8'),
      );
      expect((await at('two', secret)(['import', join(base, 'both.pem')])).stdout).toContain(
        'private key in the store',
      );

      await at('one')(['create', 'lab']);
      await at('one', secret)(['export', 'lab', join(base, 'lab.p12')]);
      expect(
        run('pkcs12', '-in', 'lab.p12', '-passin', 'pass:harbour', '-passout', 'pass:x').toString(),
      ).toContain('ENCRYPTED PRIVATE KEY');
    },
  );

  it.each([
    [[], /Say what to do/],
    [['make', 'x'], /There is no certs make/],
    [['create'], /Give the NAME/],
    [['create', 'a,b'], /without commas/],
    [['create', 'x', '-days', '0'], /-days takes/],
    [['import', 'x', '-password', 'y'], /Unknown option '-password'/],
  ])('refuses %j with status 2', async (args, message) => {
    const { status, stderr } = await at('one')(args as string[]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
