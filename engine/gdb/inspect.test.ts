import { describe, expect, test } from 'vitest';
import type { TypedValue } from '../backend/types.ts';
import { codeOf, rig } from './testing/backend.ts';
import { available, compile } from './testing/programs.ts';

const sample = compile(
  'inspect.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
enum color { RED, GREEN = 5, BLUE = -2 };
typedef struct node { int value; struct node *next; } node_t;
struct all {
  char c; unsigned char u; short s; long long l; double d; float f; _Bool b;
  enum color color; unsigned a : 3, bits : 5; int neg : 4; node_t inner; node_t *link;
  char text[16]; const char *name, *quoted; int grid[2][3]; int (*compare)(int, int);
  union { int i; float f; } either; struct { int x; };
};
static int compare(int a, int b) { return a - b; }
static node_t second = {2, 0};
struct all g_all = {'A', 200, -3, -5000000000LL, 1.5, 0.25f, 1, GREEN, 5, 17, -3, {1, &second}, &second,
  "h\\303\\251llo", "a name", "it's \\"quoted\\" \\\\ \\001\\n", {{1, 2, 3}, {4, 5, 6}}, compare, {.i = 0x3f800000}, {9}};
enum color g_color = BLUE;
char *g_bad = (char *)0x10;
unsigned char *g_pages;
__attribute__((always_inline)) static inline int square(int x) { volatile int y = x * x; return y + compare(y, 1); }
__attribute__((noinline)) int leaf(int n, const char *tag) {
  int local = n + 1;
  { int deeper = local * 2;
    n = deeper; }
  return n + (tag != 0);
}
__attribute__((noinline)) int outer(int n) { return square(n) + leaf(n, "tag"); }
int main(void) {
  g_pages = mmap(0, 4096 * 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 4096 * 4; i++) g_pages[i] = i / 4096 + 1;
  munmap(g_pages + 4096, 4096);
  return outer(3);
}
`,
);
const optimised = compile(
  'inline.c',
  `volatile int sink;
__attribute__((noinline)) void stop_here(int x) { sink = x; }
static inline __attribute__((always_inline)) void innermost(int x) { stop_here(x + 1); sink++; }
static inline __attribute__((always_inline)) void middle(int x) { innermost(x * 2); sink++; }
int main(int argc, char **argv) { middle(argc); return 0; }
`,
  ['-g', '-O2'],
);

async function at(name: string, program = sample) {
  const one = await rig();
  await one.backend.launch({ program: program.path, args: [] });
  await one.runTo(name);
  return one;
}

const here = { thread: 0, frame: 0 };

function member(value: TypedValue, name: string): TypedValue {
  const found = value.members?.find(({ field }) => field.name === name);
  if (!found) throw new Error(`no member ${name}`);
  return found.value;
}

describe('values', () => {
  test('of every kind', async () => {
    const { backend } = await at('leaf');
    const all = await backend.evaluate('g_all', here, 2);
    expect(all.type).toMatchObject({ kind: 'struct', name: 'struct all' });
    expect(all.address).toBe(await backend.resolveSymbol('inspect', 'g_all', null));
    const integers = {
      c: 65n,
      u: 200n,
      s: -3n,
      l: -5000000000n,
      b: 1n,
      a: 5n,
      bits: 17n,
      neg: -3n,
      color: 5n,
    };
    for (const [name, integer] of Object.entries(integers))
      expect(member(all, name)).toMatchObject({ integer });
    expect(member(all, 'c').type.kind).toBe('char');
    expect(member(all, 'b').type.kind).toBe('bool');
    expect(member(all, 'u').type).toMatchObject({ kind: 'char', signed: false, size: 1 });
    expect(member(all, 'color')).toMatchObject({ enumerator: 'GREEN', type: { kind: 'enum' } });
    expect(member(all, 'd')).toMatchObject({ float: '1.5', type: { kind: 'float', size: 8 } });
    expect(member(member(all, 'inner'), 'value')).toMatchObject({ integer: 1n });
    expect(member(all, 'inner').type).toMatchObject({ name: 'node_t', canonicalName: 'struct node' });
    expect(member(all, 'link')).toMatchObject({
      type: { kind: 'pointer', name: 'node_t *' },
      symbol: { name: 'second' },
    });
    expect(member(all, 'text').string).toBe('héllo');
    expect(member(all, 'name').string).toBe('a name');
    expect(member(all, 'quoted').string).toBe(`it's "quoted" \\ \x01\n`);
    expect(member(all, 'grid').elements?.[1]?.elements?.map((one) => one.integer)).toEqual([4n]);
    expect(member(all, 'compare')).toMatchObject({
      symbol: { module: 'inspect', name: 'compare', offset: 0n },
    });
    expect(member(member(all, 'either'), 'f')).toMatchObject({ float: '1' });
    expect(member(member(all, ''), 'x')).toMatchObject({ integer: 9n });
    const grid = await backend.evaluate('g_all.grid', here, 2);
    expect(grid.elements?.[1]?.elements?.map((one) => one.integer)).toEqual([4n, 5n, 6n]);
    expect(await backend.evaluate('g_color', here, 0)).toMatchObject({ integer: -2n, enumerator: 'BLUE' });
  });

  test('of bit-fields say where the bits are', async () => {
    const { backend } = await at('leaf');
    const type = await backend.findType(null, 'all');
    const field = (name: string) => type?.fields?.find((one) => one.name === name);
    expect(field('a')).toMatchObject({ bitPosition: 0, bitSize: 3 });
    expect(field('bits')).toMatchObject({ bitPosition: 3, bitSize: 5, offset: field('a')?.offset });
    expect(field('value')).toBeUndefined();
    expect(field('inner')?.type.fields).toBeUndefined();
    expect(type?.size).toBe(Number((await backend.evaluate('sizeof(struct all)', here, 0)).integer));
  });

  test('that cannot be read say why', async () => {
    const { backend } = await at('leaf');
    const bad = await backend.evaluate('*g_bad', here, 0);
    expect(bad.unavailable).toMatch(/0x10/);
    expect(bad.integer).toBeUndefined();
    expect((await backend.evaluate('g_bad', here, 0)).string).toBeUndefined();
    expect(await codeOf(backend.evaluate('no_such_name + 1', here, 0))).toBe('GDB');
    expect(await codeOf(backend.readValue('struct nothing', 0x10n, 0))).toBe('GDB');
  });

  test('at an address by type', async () => {
    const { backend } = await at('leaf');
    const address = (await backend.resolveSymbol(null, 'second', null)) ?? 0n;
    for (const name of ['node_t', 'struct node', 'node']) {
      expect(member(await backend.readValue(name, address, 1), 'value')).toMatchObject({ integer: 2n });
    }
    expect(await backend.readValue('int[2]', address, 1)).toMatchObject({
      type: { kind: 'array', count: 2 },
    });
    expect((await backend.readValue('unsigned char', address, 0)).integer).toBe(2n);
  });
});

describe('types', () => {
  test('are found with and without their tag', async () => {
    const { backend } = await at('leaf');
    expect(await backend.findType(null, 'node')).toMatchObject({ kind: 'struct', size: 16 });
    expect((await backend.findType(null, 'struct node'))?.fields?.map((field) => field.offset)).toEqual([
      0, 8,
    ]);
    expect(await backend.findType(null, 'node_t *')).toMatchObject({
      kind: 'pointer',
      target: { name: 'node_t' },
    });
    expect((await backend.findType(null, 'color'))?.enumerators).toEqual([
      { name: 'RED', value: 0n },
      { name: 'GREEN', value: 5n },
      { name: 'BLUE', value: -2n },
    ]);
    expect(await backend.findType(null, 'nothing')).toBeNull();
    expect(await backend.findType(null, 'unsigned long')).toMatchObject({
      kind: 'int',
      size: 8,
      signed: false,
    });
    const found = async (module: string, pattern: string) => {
      const all = [];
      for await (const types of backend.findTypes(module, pattern)) all.push(...types);
      return all;
    };
    expect(await found('*', 'nod*')).toEqual(
      expect.arrayContaining([
        { module: 'inspect', name: 'node', size: 16 },
        { module: 'inspect', name: 'node_t', size: 16 },
      ]),
    );
    expect(await found('nothing', 'node_t')).toEqual([]);
    expect(await backend.findType('inspect', 'node')).toMatchObject({ kind: 'struct', size: 16 });
    expect(await backend.findType('nowhere', 'node')).toBeNull();
    expect(await backend.findType('nothing', 'node')).toBeNull();
  });
});

describe('frames', () => {
  test('have symbols, lines, stack pointers and return addresses that agree', async () => {
    const { backend } = await at('leaf');
    const [frames = []] = await backend.stacks([0], 50, { args: true });
    // What the C library calls its own start depends on whether its debug symbols are installed.
    const names = frames.map(({ symbol }) => `${symbol?.module}!${symbol?.name}`);
    expect(names.map((name) => (name.startsWith('libc_so!') ? 'libc_so' : name))).toEqual([
      'inspect!leaf',
      'inspect!outer',
      'inspect!main',
      'libc_so',
      'libc_so',
      'inspect!_start',
    ]);
    expect(frames[0]?.symbol?.offset).toBe(0n);
    for (const [at, frame] of frames.entries()) {
      const next = frames[at + 1];
      expect(frame.returnAddress).toBe(next?.address ?? 0n);
      if (next?.stackPointer && frame.stackPointer)
        expect(next.stackPointer).toBeGreaterThan(frame.stackPointer);
    }
    expect(frames[1]?.source).toEqual({ file: sample.source, line: sample.line('int outer(int n)') });
    expect(frames[1]?.args).toMatchObject([{ name: 'n', isParameter: true, value: { integer: 3n } }]);
    expect(await backend.frames(0, 2)).toHaveLength(2);
    expect((await backend.frames(0, 1))[0]?.returnAddress).toBe(frames[1]?.address);
  });

  test('of inlined functions have their names and no stack of their own', async () => {
    const { backend } = await at('stop_here', optimised);
    const frames = await backend.frames(0, 4);
    expect(frames.map((frame) => [frame.symbol?.name, frame.inlined])).toEqual([
      ['stop_here', false],
      ['innermost', true],
      ['middle', true],
      ['main', false],
    ]);
    expect(frames[1]).toMatchObject({ stackPointer: null, returnAddress: null });
    expect(frames[0]?.returnAddress).toBe(frames[3]?.address);
  });

  test('have their own locals and registers', async () => {
    const { backend } = await at('leaf');
    for (let line = 0; line < 4; line += 1) await backend.resume({ kind: 'nextLine', thread: 0 });
    const names = (await backend.locals(here)).map((one) => [one.name, one.isParameter, one.value.integer]);
    expect(names).toContainEqual(['local', false, 4n]);
    expect(names).toContainEqual(['n', true, 8n]);
    const [frame] = await backend.frames(0, 1);
    const outer = await backend.registers({ thread: 0, frame: 1 }, ['rip', 'rsp', 'xmm0', 'nothing']);
    expect(outer.get('rip')).toBe(frame?.returnAddress);
    expect(outer.get('xmm0')).toBeTypeOf('bigint');
    expect(outer.has('nothing')).toBe(false);
    const local = await backend.resolveSymbol(null, 'local', here);
    const { bytes } = await backend.readMemory(local ?? 0n, 4);
    expect([...bytes]).toEqual([4, 0, 0, 0]);
  });
});

describe('memory', () => {
  test('tells the bytes that cannot be read', async () => {
    const { backend } = await at('outer');
    const pages = (await backend.evaluate('g_pages', here, 0)).integer ?? 0n;
    const block = await backend.readMemory(pages + 4090n, 4096 + 12);
    expect([...block.bytes.subarray(0, 6)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...block.bytes.subarray(4102)]).toEqual([3, 3, 3, 3, 3, 3]);
    expect(block.readable?.indexOf(0)).toBe(6);
    expect(block.readable?.lastIndexOf(0)).toBe(4101);
    const large = await backend.readMemory(pages - 0x10000n, 0x10000 + 4 * 4096);
    expect([1, 2, 3, 4].map((page) => large.bytes[0x10000 + page * 4096 - 1])).toEqual([1, 0, 3, 4]);
    expect(large.readable?.[0x10000 + 4096]).toBe(0);
    expect(large.readable?.[0x10000 + 8192]).toBe(1);
    const none = await backend.readMemory(0x10n, 8);
    expect([...(none.readable ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('is written, also under a breakpoint', async () => {
    const { backend } = await at('outer');
    const address = (await backend.resolveSymbol(null, 'leaf', null)) ?? 0n;
    const before = await backend.readMemory(address, 8);
    await backend.insertBreakpoint({ where: { kind: 'address', address } });
    await backend.resume({ kind: 'continue', thread: 0 });
    expect(await backend.readMemory(address, 8)).toEqual(before);
    await backend.writeMemory(address, Uint8Array.of(0x90, 0x90));
    expect((await backend.disassemble(address, 1))[0]?.text).toBe('nop');
    expect(await codeOf(backend.writeMemory(0x10n, Uint8Array.of(1)))).toBe('MEMORY_UNREADABLE');
  });

  test('registers are written', async () => {
    const { backend } = await at('outer');
    await backend.writeRegister(here, 'rax', 0xfedcba9876543210n);
    await backend.writeRegister(here, 'eflags', 0x246n);
    const values = await backend.registers(here, ['rax', 'eax', 'eflags']);
    expect([...values.values()]).toEqual([0xfedcba9876543210n, 0x76543210n, 0x246n]);
  });

  test('is disassembled forwards and backwards', async () => {
    const { backend } = await at('outer');
    const start = (await backend.resolveSymbol(null, 'outer', null)) ?? 0n;
    const rows = await backend.disassemble(start, 12);
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({ address: start, text: 'push   rbp' });
    for (const [at, row] of rows.entries()) {
      expect(rows[at + 1]?.address ?? row.address + BigInt(row.bytes.length)).toBe(
        row.address + BigInt(row.bytes.length),
      );
    }
    const last = rows[10]?.address ?? 0n;
    expect(await backend.disassembleBefore(last, 4)).toEqual(rows.slice(6, 10));
    expect((await backend.disassembleBefore(start + 1n, 3)).at(-1)).toEqual(rows[0]);
    expect(await backend.disassemble(0x10n, 3)).toEqual([]);
  });
});

describe('symbols', () => {
  test('are named without a round trip once read', async () => {
    const { backend } = await at('leaf');
    const address = async (name: string) => (await backend.resolveSymbol(null, name, null)) ?? 0n;
    const compareAt = await address('compare');
    const wanted = [compareAt, compareAt + 3n, await address('puts'), await address('_start'), 0x10n];
    const hits = await backend.symbolize(wanted);
    expect(hits.map((hit) => hit && `${hit.module}!${hit.name}+${hit.offset}`)).toEqual([
      'inspect!compare+0',
      'inspect!compare+3',
      'libc_so!puts+0',
      'inspect!_start+0',
      null,
    ]);
    const after = await backend.symbolAfter(compareAt);
    expect(after?.name).toBe('leaf');
    expect(await backend.resolveSymbol('libc_so', 'MALLOC', null)).toBe(await address('malloc'));
    expect(await backend.resolveSymbol('libc_so', 'leaf', null)).toBeNull();
    const plt = await backend.findSymbols('inspect', 'mmap*', 5);
    expect(plt.map((one) => one.name)).toEqual(['mmap@plt', 'mmap@got.plt']);
  });

  test('are found by pattern, with their types', async () => {
    const { backend } = await at('leaf');
    const found = await backend.findSymbols('INSPECT', 'g_[ab]*', 10);
    expect(found.map((one) => [one.name, one.kind, one.type?.name]).sort()).toEqual([
      ['g_all', 'data', 'struct all'],
      ['g_bad', 'data', 'char *'],
    ]);
    const [leaf] = await backend.findSymbols('inspect', 'LEA?', 10);
    expect(leaf).toMatchObject({ kind: 'function', type: { kind: 'function', target: { name: 'int' } } });
    expect(leaf?.type?.parameters?.map((one) => one.name)).toEqual(['int', 'const char *']);
    expect(await backend.findSymbols('*', '*', 3)).toHaveLength(3);
  });

  test('modules have ranges, build ids and the state of their symbols', async () => {
    const { backend } = await at('leaf');
    const [main, libc] = await backend.modules();
    expect(main).toMatchObject({ name: 'inspect', symbols: 'dwarf', path: sample.path });
    expect(main?.buildId).toMatch(/^[0-9a-f]{40}$/);
    expect(libc?.path).toMatch(/libc\.so\.6$/);
    const leaf = (await backend.resolveSymbol(null, 'leaf', null)) ?? 0n;
    expect(leaf >= (main?.start ?? 0n) && leaf < (main?.end ?? 0n)).toBe(true);
  });

  test('lines have addresses and addresses lines', async () => {
    const { backend } = await at('leaf');
    const line = sample.line('int outer(int n)');
    const [first] = await backend.addressesOfLine('inspect.c', line);
    expect(first).toBe(await backend.resolveSymbol(null, 'outer', null));
    expect(await backend.lines([first ?? 0n, 0x10n])).toEqual([
      { file: sample.source, line, start: first },
      null,
    ]);
    expect(await backend.addressesOfLine('nothing.c', 3)).toEqual([]);
  });
});

describe('C++', () => {
  const program = compile(
    'shapes.cpp',
    `#include <string>
#include <vector>
namespace geo {
struct Base { int id; virtual ~Base() {} static int count; };
int Base::count = 4;
class Circle : public Base { public: double radius; explicit Circle(double r) : radius(r) { id = 7; } double area(int k) const; };
__attribute__((noinline)) double Circle::area(int k) const { return radius * radius * k; }
__attribute__((noinline)) int over(int &x) { return x; }
__attribute__((noinline)) int over(double x) { return (int)x; }
}
int main() { geo::Circle circle(2.0); int n = geo::over(3.5); int &r = n; return (int)circle.area(geo::over(r)); }
`,
  );
  test('bases, statics, references and demangled names', async () => {
    const one = await rig();
    await one.backend.launch({ program: program.path, args: [] });
    const stop = await one.runTo('geo::Circle::area');
    expect(stop.reason).toBe('breakpoint');
    const [area, main] = await one.backend.frames(0, 2);
    expect(area?.symbol).toMatchObject({ name: 'geo::Circle::area', offset: 0n });
    expect(main?.symbol?.name).toBe('main');
    const circle = await one.backend.evaluate('circle', { thread: 0, frame: 1 }, 2);
    expect(circle.type).toMatchObject({ name: 'geo::Circle' });
    const [base] = circle.members ?? [];
    expect(base?.field).toMatchObject({ isBase: true });
    expect(member(base?.value ?? circle, 'id')).toMatchObject({ integer: 7n });
    expect(member(circle, 'radius')).toMatchObject({ float: '2' });
    const type = await one.backend.findType(null, 'geo::Base');
    expect(type?.fields?.find((field) => field.name === 'count')).toMatchObject({ isStatic: true });
    expect(await one.backend.evaluate('r', { thread: 0, frame: 1 }, 0)).toMatchObject({
      type: { kind: 'reference' },
    });
    expect((await one.backend.findSymbols('shapes', 'geo::over', 9)).length).toBe(2);
  });
});

const rust = available('rustc');
describe.skipIf(!rust)(`Rust${rust ? '' : ' (skipped: there is no rustc here)'}`, () => {
  test('names and values', async () => {
    const program = compile(
      'points.rs',
      `mod shapes { pub struct Point { pub x: i32, pub y: u8 } #[inline(never)] pub fn weigh(p: &Point) -> i32 { p.x + p.y as i32 } }
fn main() { let p = shapes::Point { x: -4, y: 200 }; std::process::exit(shapes::weigh(&p)); }
`,
      ['-g'],
    );
    const one = await rig();
    await one.backend.launch({ program: program.path, args: [] });
    const [weigh] = await one.backend.findSymbols('points', '*::weigh*', 5);
    expect(weigh?.name).toMatch(/^points::shapes::weigh/);
    await one.runTo(weigh?.name ?? '');
    const [, main] = await one.backend.frames(0, 2);
    expect(main?.symbol?.name).toMatch(/^points::main/);
    const point = await one.backend.evaluate('p', { thread: 0, frame: 1 }, 1);
    expect(member(point, 'x')).toMatchObject({ integer: -4n });
    expect(member(point, 'y')).toMatchObject({ integer: 200n });
  });
});
