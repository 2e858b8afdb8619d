import { describe, expect, it } from 'vitest';
import { createGdbBackend } from '../../gdb/backend.ts';
import { processServerStub } from '../../gdb/testing/process-server.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { coreOf } from '../testing/crashes/core.ts';
import { LOCKS_FLAGS, locksSource } from '../testing/crashes/locks.ts';
import { deadlocks } from './deadlock.ts';
import type { Wait } from './waits.ts';

const PATIENCE = { timeout: 120_000 };
const program = compile('locks.c', locksSource, LOCKS_FLAGS);

const waitsFor = (what: string, place: string): RegExp =>
  new RegExp(`^Thread \\d+ \\([0-9a-f]+\\) waits for ${what} in locks!${place}\\+0x[0-9a-f]+$`, 'm');
const owned = String.raw`at 00000000.[0-9a-f]{8}, owned by thread \d+ \([0-9a-f]+\)`;

function check(said: string): void {
  expect(said).toMatch(waitsFor(`mutex locks!g_b ${owned}`, 'first'));
  expect(said).toMatch(waitsFor(`mutex locks!g_a ${owned}`, 'second'));
  expect(said).toMatch(waitsFor(`mutex locks!g_a ${owned}`, 'third'));
  expect(said).toMatch(waitsFor('condition variable locks!g_changed at \\S+', 'waiter'));
  expect(said).toMatch(waitsFor(`rwlock locks!g_table ${owned}`, 'reader'));
  expect(said).toMatch(waitsFor('semaphore locks!g_slots at \\S+', 'taker'));
  expect(said).toMatch(waitsFor(String.raw`thread \d+ \([0-9a-f]+\) to end`, 'joiner'));
  expect(said).toMatch(
    /^CritSec locks!g_a at \S+\nLockCount {10}2\nRecursionCount {5}1\nOwningThread {7}[0-9a-f]+\n/m,
  );
  // A core file has threads in the order in which they came to be written, so either may be the lower one.
  const [first, second] = [
    String.raw`Thread \d+ .*locks!g_b.* in locks!first\S+`,
    String.raw`Thread \d+ .*locks!g_a.* in locks!second\S+`,
  ];
  expect(said).toMatch(
    new RegExp(
      `\\*\\*\\* DEADLOCK: 2 threads wait for each other\\n {4}(?:${first}\\n {4}${second}|${second}\\n {4}${first})\\n$`,
    ),
  );
}

describe('!locks', () => {
  it('tells who waits for which lock, who owns it, and what is a deadlock', PATIENCE, async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: [] });
    await console.run('g locks!ready');
    const said = await console.run('!locks');
    check(said);
    expect(said).not.toContain('g_held');
    const hang = await console.run('!analyze -hang -v');
    expect(hang).toMatch(
      /^CAUSE: {2}2 threads wait for each other: \d, \d\.\n {8}Other threads wait too: \d, /m,
    );
    expect(hang).toMatch(
      /^x {2}\d +[0-9a-f.]+ +Critical Section +-->\nx {2}\d +[0-9a-f.]+ +Critical Section +--\^$/m,
    );
    const bucket =
      /FAILURE_BUCKET_ID: {2}(APPLICATION_HANG_DEADLOCK_cfffffff_locks!(?:first|second)\+\S+)/.exec(
        hang,
      )?.[1];
    expect(bucket).toBeDefined();
    // Whichever thread is the current one: those of the circle, and those that wait for them.
    const waiting = [...said.matchAll(/^Thread (\d+) .* mutex /gm)].map(([, index]) => index);
    expect(waiting).toHaveLength(3);
    for (const thread of [...waiting, 0])
      expect(await console.run(`~${thread}s; !analyze -hang`)).toContain(`FAILURE_BUCKET_ID:  ${bucket}\n`);
    // It reads all debug information there is, that of the C library too.
    if (process.env.HAWSER_FULL === undefined) return;
    const all = await console.run('!locks -v');
    expect(all).toMatch(/^CritSec locks!g_held[\s\S]*?\*\*\* Locked$/m);
    expect(all).toMatch(/^CritSec locks!g_free[\s\S]*?Not locked$/m);
    expect(await console.run('!locks -o')).toMatch(
      /^CritSec locks!g_left at \S+\n[\s\S]*?\*\*\* Locked \(its owner has ended\)\n\nScanned/,
    );
  });

  it('does so in a core file, without symbols of the C library', PATIENCE, async () => {
    const core = coreOf(program.path, ['abort']);
    if (core === null) {
      process.stdout.write('skipped: this system leaves no core file where a program runs (core_pattern)\n');
      return;
    }
    const console = new Console({
      createBackend: async (stub, file) => {
        const backend = await createGdbBackend({ stub, file });
        // As it is where the debug symbols of the C library are not installed.
        backend.setSymbolPath = async () => void (await backend.raw('set debug-file-directory /nowhere'));
        return backend;
      },
    });
    await console.start({ kind: 'core', core });
    check(await console.run('!locks'));
  });

  it('does so behind a process server', PATIENCE, async () => {
    const console = new Console();
    const stub = await processServerStub();
    await console.start({ kind: 'launch', program: program.path, args: [], stub });
    await console.run('g locks!ready');
    check(await console.run('!locks'));
  });

  it('finds circles of any length, and each once', () => {
    const wait = (thread: number, owner: number | null): Wait => ({
      thread,
      kind: 'mutex',
      address: BigInt(thread),
      owner,
      frame: null,
    });
    const of = (...waits: Wait[]) =>
      deadlocks(waits, (tid) => tid - 100).map((circle) => circle.map(({ thread }) => thread));
    expect(of(wait(1, 102), wait(2, 103), wait(3, 101), wait(4, 101), wait(5, null), wait(6, 999))).toEqual([
      [1, 2, 3],
    ]);
    expect(of(wait(9, 109), wait(4, 103), wait(3, 104))).toEqual([[3, 4], [9]]);
    expect(of(wait(1, 102), wait(2, 103))).toEqual([]);
  });
});
