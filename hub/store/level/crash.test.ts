import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLevelStore } from './store.ts';
import { SESSIONS, writtenEntry } from './testing/writer.ts';

/** Each starts a process of its own: few for every run, more for a whole one. */
const ROUNDS = process.env.HAWSER_FULL ? 15 : 5;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-crash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Another process writes until it is killed, `ms` after it has begun. @returns what it had confirmed, the last of each */
async function writeAndDie(ms: number): Promise<Map<string, number>> {
  const file = join(import.meta.dirname, 'testing/writer.ts');
  const script = `import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(file)});
    await module.writeForEver(${JSON.stringify(folder)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const confirmed = new Map<string, number>();
  const closed = once(child, 'close');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [name = '', number = ''] = line.split(' ');
    if (line === 'ready') setTimeout(() => child.kill('SIGKILL'), ms);
    else confirmed.set(name, Number(number));
  });
  const [, signal] = await closed;
  expect(signal).toBe('SIGKILL');
  return confirmed;
}

it('loses nothing that was confirmed, and has nothing in halves, however often it is killed while it writes', async () => {
  const most = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, number] of await writeAndDie(20 + (round * 555) / ROUNDS)) most.set(name, number);
    const store = await openLevelStore(folder);
    try {
      for (const session of SESSIONS) {
        const last = await store.histories.last(session);
        expect(last).toBeGreaterThanOrEqual(most.get(session) ?? 0);
        const page = await store.histories.read(session, 1, 1e6, 1e9);
        expect(page.length).toBe(last);
        for (const [index, entry] of page.entries()) {
          const end = Number(entry.sealed.split('/')[1]);
          expect(entry).toEqual(writtenEntry(index + 1, end));
          expect(end).toBeLessThanOrEqual(last);
        }
      }
      const counter = await store.records<{ count: number; text: string }>('accounts').get('counter');
      const count = counter?.value.count ?? 0;
      expect(count).toBeGreaterThanOrEqual(most.get('counter') ?? 0);
      expect(counter?.value.text ?? '').toBe('y'.repeat(count % 300));
      // A number that was given once is never given again.
      const next = await store.records<number>('tokens').put('probe', round);
      expect(next).toBeGreaterThan(Math.max(most.get('revision') ?? 0, counter?.revision ?? 0));
      const lines: unknown[] = [];
      for await (const line of store.audit.list()) lines.push(line.about.line);
      expect(lines).toEqual(lines.map((_, index) => index + 1));
      expect(lines.length).toBeGreaterThanOrEqual(most.get('audit') ?? 0);
    } finally {
      await store.close();
    }
  }
  // It did write all along.
  for (const name of [...SESSIONS, 'counter', 'audit']) expect(most.get(name) ?? 0).toBeGreaterThan(ROUNDS);
}, 600_000);

it('belongs to one hub at a time', async () => {
  const store = await openLevelStore(folder);
  await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'STORE_IN_USE' });
  await store.close();
  await (await openLevelStore(folder)).close();
});
