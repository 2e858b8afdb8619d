import { describe, expect, it } from 'vitest';
import type { Layouts } from './layouts.ts';
import { physicalOf } from './physical.ts';
import type { LinuxTarget } from './target.ts';
import { pageTablesOf, stateLetter, type Task, Tasks } from './tasks.ts';
import { MadeMemory } from './testing/memory.ts';

const INIT = 0xffff_ffff_8201_0000n;
const OFFSETS: Readonly<Record<string, number>> = {
  'task_struct.__state': 24,
  'task_struct.stack': 32,
  'task_struct.tasks': 64,
  'task_struct.mm': 80,
  'task_struct.exit_state': 88,
  'task_struct.pid': 92,
  'task_struct.tgid': 96,
  'task_struct.real_parent': 104,
  'task_struct.signal': 112,
  'task_struct.thread_node': 120,
  'task_struct.comm': 136,
  'task_struct.on_cpu': 160,
  'task_struct.thread_info.cpu': 164,
  'signal_struct.thread_head': 8,
  'mm_struct.pgd': 16,
};
const layouts: Layouts = {
  offset: async (struct, path) => OFFSETS[`${struct}.${path}`] ?? null,
  size: async () => 256,
};

interface Made {
  readonly pid: number;
  readonly name: string;
  readonly state?: number;
  readonly exit?: number;
  readonly mm?: bigint;
  readonly cpu?: number;
}

const place = (index: number): bigint => 0xffff_8880_0100_0000n + BigInt(index) * 0x1000n;

function kernel(made: readonly Made[]): LinuxTarget & { memory: MadeMemory } {
  const memory = new MadeMemory().room(INIT, 256);
  const at = (index: number) => (index < 0 || index >= made.length ? INIT : place(index)) + 64n;
  memory.word(at(-1), at(0)).text(INIT + 136n, 'swapper/0');
  made.forEach(({ pid, name, state = 1, exit = 0, mm = 0n, cpu }, index) => {
    const task = place(index);
    memory
      .room(task, 256)
      .word(at(index), at(index + 1))
      .word(task + 80n, mm)
      .half(task + 24n, state);
    memory
      .half(task + 88n, exit)
      .half(task + 92n, pid)
      .half(task + 96n, pid)
      .word(task + 104n, INIT);
    memory.text(task + 136n, name);
    if (cpu !== undefined) memory.half(task + 160n, 1).half(task + 164n, cpu);
  });
  const symbols = new Map([
    ['init_task', INIT],
    ['_text', 0xffff_ffff_8100_0000n],
    ['_end', 0xffff_ffff_8300_0000n],
    ['phys_base', INIT - 0x1000n],
    ['page_offset_base', INIT - 0xff8n],
  ]);
  memory
    .room(INIT - 0x1000n, 16)
    .word(INIT - 0x1000n, 0x600_0000n)
    .word(INIT - 0xff8n, 0xff11_0000_0000_0000n);
  return { machine: 'x86-64', memory, layouts, symbol: (name) => symbols.get(name) ?? null, check: () => {} };
}

async function all(target: LinuxTarget): Promise<Task[]> {
  const tasks = await Tasks.of(target);
  const found: Task[] = [];
  for await (const task of tasks?.processes() ?? []) found.push(task);
  return found;
}

describe('tasks', () => {
  it('are walked in their order, one read each', async () => {
    const target = kernel([
      { pid: 1, name: 'init', mm: 0x1000n },
      { pid: 2, name: 'kthreadd', state: 0x402 },
      { pid: 4_194_303, name: 'sixteen-letters', state: 0, cpu: 1 },
      { pid: 77, name: 'gone', exit: 32 },
    ]);
    const found = await all(target);
    expect(found.map(({ pid, name, state, runsOn }) => [pid, name, state, runsOn])).toEqual([
      [1, 'init', 'S', null],
      [2, 'kthreadd', 'I', null],
      [4_194_303, 'sixteen-letters', 'R', 1],
      [77, 'gone', 'Z', null],
    ]);
    expect(found[0]).toMatchObject({ address: place(0), mm: 0x1000n, parent: INIT });
    // The head of the list, and each task once.
    expect(target.memory.reads).toBe(5);
  });

  it('are found by process id and address, and nothing else is taken for one', async () => {
    const target = kernel([{ pid: 5, name: 'five' }]);
    const tasks = (await Tasks.of(target)) as Tasks;
    expect((await tasks.byPid(5))?.name).toBe('five');
    expect(await tasks.byPid(6)).toBeNull();
    expect((await tasks.at(place(0)))?.pid).toBe(5);
    expect(await tasks.at(0x1000n)).toBeNull();
    target.memory.room(0x50_0000n, 256);
    expect(await tasks.at(0x50_0000n)).toBeNull();
  });

  it('end where the list leads in circles or nowhere', async () => {
    const circle = kernel([
      { pid: 1, name: 'a' },
      { pid: 2, name: 'b' },
    ]);
    circle.memory.word(place(1) + 64n, place(0) + 64n);
    expect(await all(circle)).toHaveLength(2);
    const nowhere = kernel([
      { pid: 1, name: 'a' },
      { pid: 2, name: 'b' },
    ]);
    nowhere.memory.word(place(0) + 64n, 0xdead_0000n);
    expect(await all(nowhere)).toHaveLength(1);
  });

  it('have threads', async () => {
    const target = kernel([
      { pid: 1, name: 'main' },
      { pid: 9, name: 'second' },
    ]);
    const signal = 0xffff_8880_0200_0000n;
    target.memory.room(signal, 64).word(place(0) + 112n, signal);
    target.memory
      .word(signal + 8n, place(0) + 120n)
      .word(place(0) + 120n, place(1) + 120n)
      .word(place(1) + 120n, signal + 8n);
    const tasks = (await Tasks.of(target)) as Tasks;
    const [first] = await all(target);
    expect((await tasks.threads(first as Task)).map(({ name }) => name)).toEqual(['main', 'second']);
  });

  it('have page tables, where Linux maps all memory', async () => {
    const mm = 0xff11_0000_0300_0000n;
    const target = kernel([
      { pid: 1, name: 'init', mm },
      { pid: 2, name: 'kthreadd' },
    ]);
    target.memory.room(mm, 64).word(mm + 16n, 0xff11_0000_0123_4000n);
    const [init, kthreadd] = await all(target);
    expect(await pageTablesOf(target, init as Task)).toBe(0x123_4000n);
    expect(await pageTablesOf(target, kthreadd as Task)).toBeNull();
    expect(await physicalOf(target, 0xffff_ffff_8100_1000n)).toBe(0x700_1000n);
    expect(await physicalOf(target, 0x1000n)).toBeNull();
  });

  it('are not known without types', async () => {
    const nothing: Layouts = { offset: async () => null, size: async () => null };
    expect(await Tasks.of({ ...kernel([]), layouts: nothing })).toBeNull();
  });
});

it.each([
  [0, 0, 'R'],
  [1, 0, 'S'],
  [2, 0, 'D'],
  [4, 0, 'T'],
  [8, 0, 't'],
  [0x402, 0, 'I'],
  [0x40, 0, 'P'],
  [0, 16, 'X'],
  [0, 32, 'Z'],
  [0x2002, 0, 'D'],
])('state 0x%s with end 0x%s is %s', (state, exit, letter) => {
  expect(stateLetter(state, exit)).toBe(letter);
});
