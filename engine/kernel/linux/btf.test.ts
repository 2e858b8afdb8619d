import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Btf } from './btf.ts';
import { layoutsOfBtf, layoutsOfExpressions, Shape } from './layouts.ts';
import { symbolFile } from './symbol-file.ts';

/** Of everything that BTF has. */
const SOURCE = `
typedef unsigned long long u64;
enum colour { RED, GREEN = 7, BLUE = -3 };
struct list_head { struct list_head *next, *prev; };
struct unknown;
union either { int number; char letters[12]; };
struct sample {
  int pid;
  const volatile char *restrict name;
  struct { short in; struct { int deep; u64 deeper; }; };
  struct list_head tasks;
  unsigned flag : 3, rest : 13;
  enum colour colour;
  union either either[4];
  int (*call)(struct sample *, long, ...);
  void (*none)(void);
  struct unknown *other;
  double real;
  _Bool yes;
  void *nothing;
};
struct sample one; `;

let folder = '';
let btf: Btf;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-btf-'));
  writeFileSync(join(folder, 'sample.c'), SOURCE);
  const make = (...args: string[]) => execFileSync('gcc', args, { cwd: folder });
  make('-gbtf', '-c', '-o', 'btf.o', 'sample.c');
  make('-g', '-c', '-o', 'dwarf.o', 'sample.c');
  execFileSync(
    'objcopy',
    ['-O', 'binary', '--only-section=.BTF', '--set-section-flags=.BTF=alloc', 'btf.o', 'btf'],
    { cwd: folder },
  );
  btf = Btf.parse(readFileSync(join(folder, 'btf'))) as Btf;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gdb = (file: string, ...commands: string[]): string =>
  execFileSync('gdb', ['-nx', '-q', '-batch', file, ...commands.flatMap((one) => ['-ex', one])], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('a compiler’s BTF', () => {
  it('tells where members are, also those within members without a name', async () => {
    const layouts = layoutsOfBtf(btf);
    const offsets = [
      'pid',
      'name',
      'in',
      'deep',
      'deeper',
      'tasks',
      'tasks.prev',
      'either',
      'call',
      'nothing',
    ];
    const said = gdb('dwarf.o', ...offsets.map((path) => `print (int)&((struct sample *)0)->${path}`));
    const real = [...said.matchAll(/= (\d+)/g)].map(([, value]) => Number(value));
    expect(await Promise.all(offsets.map((path) => layouts.offset('sample', path)))).toEqual(real);
    expect(real).toHaveLength(offsets.length);
    expect(await layouts.size('sample')).toBe(
      Number(/= (\d+)/.exec(gdb('dwarf.o', 'print sizeof(struct sample)'))?.[1]),
    );
    expect(await layouts.offset('sample', 'missing')).toBeNull();
    expect(await layouts.offset('sample', 'pid.more')).toBeNull();
    expect(await layouts.offset('nothing', 'pid')).toBeNull();
  });

  it('is the same to GDB as DWARF information', () => {
    const text = { name: '.text', start: 0x1000n, end: 0x2000n, execute: true, write: false };
    writeFileSync(join(folder, 'made'), symbolFile([text], [], { btf, name: 'vmlinux' }));
    const commands = [
      'ptype/o struct sample',
      'ptype union either',
      'ptype enum colour',
      'ptype struct list_head',
      'print sizeof(struct sample)',
      'print (enum colour)-3',
      'whatis ((struct sample *)0)->call',
      'whatis ((struct sample *)0)->real',
    ];
    const made = gdb('made', ...commands);
    expect(made).toContain('BLUE');
    // BTF does not tell restrict from nothing where GCC writes it.
    expect(made.replaceAll(' restrict', '')).toBe(gdb('dwarf.o', ...commands).replaceAll(' restrict', ''));
  });

  it('is none where it is damaged or of another version', () => {
    const bytes = Buffer.from(btf.bytes.data);
    expect(Btf.parse(bytes.subarray(0, bytes.length - 10))).toBeNull();
    const other = Buffer.from(bytes);
    other[2] = 9;
    expect(Btf.parse(other)).toBeNull();
    expect(Btf.parse(Buffer.alloc(100))).toBeNull();
  });
});

it('a shape takes the first name that there is', async () => {
  const shape = await Shape.of(layoutsOfBtf(btf), 'sample', {
    id: ['tgid', 'pid'],
    name: 'name',
    gone: 'gone',
  });
  expect(shape.at('id')).toBe(0);
  expect(shape.has('gone')).toBe(false);
  expect(() => shape.at('gone')).toThrow();
  expect(shape.span(['id', 'name', 'gone'], 8)).toEqual({ from: 0, length: 16 });
});

it('expressions are asked once', async () => {
  const asked: string[] = [];
  const layouts = layoutsOfExpressions(async (expression) => {
    asked.push(expression);
    return expression.includes('pid') ? 8n : null;
  });
  expect(await layouts.offset('task_struct', 'pid')).toBe(8);
  expect(await layouts.offset('task_struct', 'pid')).toBe(8);
  expect(await layouts.size('gone')).toBeNull();
  expect(asked).toHaveLength(2);
});
