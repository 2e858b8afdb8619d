import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createGdbBackend } from '../../gdb/backend.ts';
import { sleepers } from '../../kernel/testing/sleepers.ts';
import { LocalMachine } from '../../machine/local.ts';
import { StillStub } from './still-stub.ts';

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Of a process of this machine, past ptrace. */
function memoryOf(pid: number): (address: bigint, length: number) => Promise<Uint8Array | null> {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  ends.push(() => closeSync(file));
  return async (address, length) => {
    const bytes = new Uint8Array(length);
    try {
      return readSync(file, bytes, 0, length, address) === length ? bytes : null;
    } catch {
      return null;
    }
  };
}

/** Of a thread that waits in the kernel: where its stack is, and its code. */
function waiting(pid: number): ReadonlyMap<string, bigint> | null {
  const words = readFileSync(`/proc/${pid}/syscall`, 'utf8').trim().split(' ');
  const [sp, pc] = words.slice(-2);
  return words.length < 9 || sp === undefined || pc === undefined
    ? null
    : new Map([
        ['rsp', BigInt(sp)],
        ['rip', BigInt(pc)],
      ]);
}

async function asleep(child: ChildProcess): Promise<number> {
  const pid = child.pid ?? 0;
  while (waiting(pid) === null || !readFileSync(`/proc/${pid}/syscall`, 'utf8').startsWith('230 '))
    await sleep(20);
  return pid;
}

it('shows a process that somebody else holds by a GDB of its own', async () => {
  const child = spawn(sleepers().sleeper, { stdio: 'ignore' });
  ends.push(() => child.kill('SIGKILL'));
  const pid = await asleep(child);
  const read = memoryOf(pid);
  let asked = 0;
  const stub = new StillStub({
    name: 'a sleeper',
    pid,
    threads: [pid],
    architecture: 'x86-64',
    auxiliary: readFileSync(`/proc/${pid}/auxv`),
    machine: new LocalMachine(),
    registers: async (thread) => waiting(thread),
    read: (address, length) => {
      asked++;
      return read(address, length);
    },
  });
  const backend = await createGdbBackend({ stub });
  ends.push(() => backend.dispose());
  await backend.takeStubProcess();
  const frames = await backend.frames(0, 64);
  const names = frames.map(({ symbol }) => symbol?.name);
  expect(names.slice(names.indexOf('rest'), names.indexOf('main') + 1)).toEqual(['rest', 'nap', 'main']);
  const first = await backend.evaluate('first.next->number', { thread: 0, frame: 0 }, 1);
  expect(first.integer).toBe(7n);
  expect(asked).toBeGreaterThan(0);
  // It is looked at, and nothing else.
  await expect(backend.writeMemory(first.address ?? 0n, new Uint8Array(4))).rejects.toThrow();
  expect(child.exitCode).toBeNull();
});
