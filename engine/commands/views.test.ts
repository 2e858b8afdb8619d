import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import type { QueryOf, ValueNode, ViewName, ViewQuery, ViewResults } from '../protocol/views.ts';
import { Console, OWNER, REMOTE } from './testing/console.ts';
import { thingsSource } from './testing/things.ts';

const TIMEOUT = { timeout: 120_000 };
const FLAGS = ['-g', '-O0', '-no-pie', '-fcf-protection=none'];

async function stopped(marker: string, source = thingsSource): Promise<Console> {
  const program = compile('loop.cpp', source, FLAGS);
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  await console.run(`g \`loop.cpp:${program.line(marker)}\``);
  return console;
}

const never = () => false;

async function view<N extends ViewName>(console: Console, query: QueryOf<N>): Promise<ViewResults[N]> {
  const { status, answers } = await console.language.views([query], OWNER, never);
  expect(status).toBe('answered');
  const [answer] = answers;
  if (!answer?.ok) throw new Error(answer?.error.message);
  return answer.value as ViewResults[N];
}

const named = (nodes: readonly ValueNode[] | null | undefined, name: string): ValueNode => {
  const node = nodes?.find((each) => each.name === name);
  if (!node) throw new Error(`there is no ${name} in ${nodes?.map((each) => each.name).join(', ')}`);
  return node;
};

describe('views', () => {
  it('answers all that is asked for at once, as the commands show it', TIMEOUT, async () => {
    const console = await stopped('/* bottom */');
    const queries: ViewQuery[] = [
      { view: 'registers', groups: ['General', 'Flags'] },
      { view: 'stack', limit: 2, parameters: true },
      { view: 'locals', open: [] },
      { view: 'disassembly', at: '', before: 2, after: 3 },
      { view: 'memory', at: 'g_msg', offset: '0', length: 16 },
      { view: 'threads', from: 0, count: 10 },
      { view: 'breakpoints' },
      { view: 'modules' },
      { view: 'source', file: '', known: '' },
    ];
    const { status, answers } = await console.language.views(queries, OWNER, never);
    expect(status).toBe('answered');
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(answers).toHaveLength(queries.length);
  });

  it('has the registers of the groups that are open', TIMEOUT, async () => {
    const console = await stopped('/* bottom */');
    const { groups } = await view(console, { view: 'registers', groups: ['General', 'Flags'] });
    expect(groups.map(({ name, registers }) => [name, registers?.length ?? null])).toEqual([
      ['General', 17],
      ['Flags', 11],
      ['Segments', null],
      ['Floating point', null],
      ['Vector', null],
    ]);
    const value = (name: string) =>
      groups.flatMap(({ registers }) => registers ?? []).find((each) => each.name === name)?.value;
    expect(`rip=${value('rip')}`).toBe((await console.run('r rip')).trim());
    expect(`zf=${value('zf')}`).toBe((await console.run('r zf')).trim());
    const open = await view(console, { view: 'registers', groups: ['Segments', 'Floating point', 'Vector'] });
    for (const { name, registers } of open.groups.slice(2))
      expect([name, registers?.every(({ value: each }) => /^[0-9a-f]+$/.test(each ?? ''))]).toEqual([
        name,
        true,
      ]);
  });

  it('follows the current frame, and says where threads are', TIMEOUT, async () => {
    const console = await stopped('/* bottom */');
    const line = compile('loop.cpp', thingsSource, FLAGS).line('/* bottom */');
    await console.run(`g \`loop.cpp:${line}\``);
    const stack = await view(console, { view: 'stack', limit: 2, parameters: true });
    expect(stack).toMatchObject({ frame: 0, thread: 0, more: true });
    expect(stack.frames[0]).toMatchObject({ parameters: '(int n = 0n2)', inlined: false });
    expect(stack.frames[0]?.site).toMatch(/^loop!fact\+0x/);
    const before = await view(console, { view: 'locals', open: [] });
    await console.run('.frame 1');
    const after = await view(console, { view: 'locals', open: [] });
    expect([named(before.nodes, 'n').value, named(after.nodes, 'n').value]).toEqual(['0n2', '0n3']);
    const source = await view(console, { view: 'source', file: '', known: '' });
    expect(source.innermost).toBe(false);
    expect(source.text?.split('\n')[(source.line ?? 0) - 1]).toContain('int m = n * fact(n - 1);');
    const again = await view(console, { view: 'source', file: '', known: source.file });
    expect(again).toMatchObject({ text: null, readable: true, line: source.line });
    const { threads, kernel } = await view(console, { view: 'threads', from: 0, count: 1 });
    expect(kernel).toBe(false);
    expect(threads[0]?.place).toMatch(/^loop!fact\+0x/);
    const gone = await view(console, { view: 'source', file: '/nowhere/at all.c', known: '' });
    expect(gone).toMatchObject({ text: null, readable: false, line: null });
  });

  it('reads of a tree what is open, and what each part is called', TIMEOUT, async () => {
    const console = await stopped('/* end */');
    const expressions = ['g_pointer', 'g_nodes', 'g_big', 'g_derived', 'g_box.v + 1', 'nothing', 'fact(3)'];
    const open = [
      ['g_pointer'],
      ['g_pointer', 'in'],
      ['g_pointer', '(unnamed)'],
      ['g_nodes'],
      ['g_nodes', '[1]'],
    ];
    const { nodes } = await view(console, {
      view: 'watch',
      expressions,
      open: [...open, ['g_big'], ['g_big', '[256..511]'], ['g_derived']],
    });
    const pointer = named(nodes, 'g_pointer');
    expect(pointer).toMatchObject({ type: 'Outer *', expression: 'g_pointer', editable: true });
    expect(named(pointer.children, 'a')).toMatchObject({ value: '0n3', expression: 'g_pointer->a' });
    expect(named(pointer.children, 'b').editable).toBe(true);
    expect(named(pointer.children, 'color').value).toBe('blue (0n6)');
    expect(named(pointer.children, 'name').value).toBe('"loc"');
    expect(named(pointer.children, 'in').value).toBe('{…}');
    expect(named(pointer.children, 'arr')).toMatchObject({
      expandable: true,
      children: null,
      editable: false,
    });
    expect(named(named(pointer.children, 'in').children, 'tag')).toMatchObject({
      value: "65 'A'",
      expression: 'g_pointer->in.tag',
    });
    expect(named(named(pointer.children, '(unnamed)').children, 'asInt')).toMatchObject({
      value: '0n1',
      expression: 'g_pointer->asInt',
    });
    expect(named(named(named(nodes, 'g_nodes').children, '[1]').children, 'value')).toMatchObject({
      value: '0n8',
      expression: 'g_nodes[1].value',
    });
    const big = named(nodes, 'g_big');
    expect(big.children?.map(({ name }) => name)).toEqual([
      '[0..255]',
      '[256..511]',
      '[512..767]',
      '[768..999]',
    ]);
    expect(named(big.children, '[256..511]').children).toHaveLength(256);
    expect(named(named(big.children, '[256..511]').children, '[300]').expression).toBe('g_big[300]');
    expect(named(nodes, 'g_derived').children?.map(({ name }) => name)).toEqual(['Base', 'y']);
    expect(named(nodes, 'g_box.v + 1').value).toBe('0n5');
    expect(named(nodes, 'nothing').value).toMatch(/^<.*nothing/);
    expect(named(nodes, 'fact(3)').value).toMatch(/^<.*would run the target/);
    for (const each of ['g_pointer->in.tag', 'g_nodes[1].value', 'g_big[300]', 'g_pointer->asInt'])
      expect(await console.run(`?? ${each}`)).not.toMatch(/error/i);
  });

  it('shows containers as what they hold', TIMEOUT, async () => {
    const source = `
#include <map>
#include <string>
#include <vector>
int main() {
  std::vector<int> numbers;
  for (int i = 0; i < 300; i++) numbers.push_back(i * 2);
  std::string text = "hawser";
  std::map<std::string, int> ages{{"ann", 40}, {"bob", 50}};
  return numbers.size() + text.size() + ages.size(); /* end */
}
`;
    const console = await stopped('/* end */', source);
    const { nodes } = await view(console, {
      view: 'locals',
      open: [['numbers'], ['numbers', '[256..]'], ['ages']],
    });
    expect(named(nodes, 'text')).toMatchObject({ value: '"hawser"', expandable: false });
    expect(named(nodes, 'numbers').value).toBe('{ size=300 }');
    const numbers = named(nodes, 'numbers').children;
    expect(numbers).toHaveLength(257);
    expect(named(named(numbers, '[256..]').children, '[299]').value).toBe('0n598');
    expect(named(nodes, 'ages').children?.map(({ name, value }) => `${name} ${value}`)).toEqual([
      '["ann"] 0n40',
      '["bob"] 0n50',
    ]);
  });

  it(
    'shows memory that is there and not there, code around an address, and breakpoints',
    TIMEOUT,
    async () => {
      const console = await stopped('/* bottom */');
      const memory = await view(console, { view: 'memory', at: 'g_msg', offset: '-4', length: 16 });
      expect(Buffer.from(memory.bytes.slice(8), 'hex').toString()).toBe('hello world\0');
      const nothing = await view(console, { view: 'memory', at: '1', offset: '-2', length: 4 });
      expect(nothing).toMatchObject({ base: '0x1', address: '0x0', bytes: '????????' });
      const end = await view(console, { view: 'memory', at: '-2', offset: '0', length: 4 });
      expect(end).toMatchObject({ address: '0xfffffffffffffffe', bytes: '????' });
      await console.run('bp fact');
      await console.run('bd 0');
      const { breakpoints } = await view(console, { view: 'breakpoints' });
      expect(breakpoints).toMatchObject([{ id: 0, enabled: false, kind: 'bp', access: '', passes: 1 }]);
      expect(breakpoints[0]?.place).toMatch(/^loop!fact/);
      const { lines, ip } = await view(console, { view: 'disassembly', at: '', before: 2, after: 3 });
      expect(lines).toHaveLength(5);
      expect(lines[2]?.address).toBe(ip);
      const [listed = ''] = (await console.run('u . L1')).split('\n').slice(1);
      expect(listed).toContain(lines[2]?.text);
      const { modules } = await view(console, { view: 'modules' });
      expect(modules.map(({ name }) => name)).toContain('loop');
    },
  );

  it(
    'gives way to commands, looks at nothing that runs, and evaluates nothing for viewers',
    TIMEOUT,
    async () => {
      const console = await stopped('/* bottom */');
      const ask = (queries: ViewQuery[], caller = OWNER, stale = never) =>
        console.language.views(queries, caller, stale);
      expect(await ask([{ view: 'modules' }], OWNER, () => true)).toMatchObject({
        status: 'stale',
        answers: [],
      });
      const watch: ViewQuery = { view: 'watch', expressions: ['g_count = 7'], open: [] };
      const viewer = { ...REMOTE, role: 'viewer' as const };
      const queries: ViewQuery[] = [
        watch,
        // An address too may be written with an assignment in it.
        { view: 'memory', at: '@@c++(g_count = 7)', offset: '0', length: 1 },
        { view: 'memory', at: 'poi(@@(g_count = 7))', offset: '0', length: 1 },
        { view: 'disassembly', at: '@@c++(g_count++)', before: 0, after: 1 },
        { view: 'memory', at: 'g_msg', offset: '0', length: 1 },
        { view: 'stack', limit: 1, parameters: false },
      ];
      const { answers } = await ask(queries, viewer);
      expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
        ...Array(4).fill('VIEWER_ONLY'),
        'ok',
        'ok',
      ]);
      expect(await console.run('?? g_count')).toBe('int 0n42\n');
      const bad = await ask([{ view: 'memory', at: 'no_such_name', offset: '0', length: 1 }]);
      expect(bad.answers[0]).toMatchObject({ ok: false, error: { code: 'UNRESOLVED' } });
      await console.run('q');
      await console.language.dispose('kill');
      expect(await ask([{ view: 'modules' }])).toMatchObject({ status: 'noTarget', answers: [] });
    },
  );
});

describe('views of sources, events and numbers', () => {
  it('names source files, and reads no others', TIMEOUT, async () => {
    const console = await stopped('/* bottom */');
    const { files } = await view(console, { view: 'sources', filter: 'loop.cpp', limit: 10 });
    expect(files).toEqual([expect.stringMatching(/\/loop\.cpp$/)]);
    const [file = ''] = files;
    const asked = { view: 'source', known: '', threads: true } as const;
    expect(await view(console, { ...asked, file })).toMatchObject({ readable: true, threads: [] });
    expect(await view(console, { ...asked, file: '/etc/passwd' })).toMatchObject({
      readable: false,
      text: null,
    });
    expect(await view(console, { view: 'sources', filter: 'no such (file', limit: 10 })).toEqual({
      files: [],
      more: false,
    });
  });

  it('has the source lines of instructions, and what pointers lead to', TIMEOUT, async () => {
    const console = await stopped('/* bottom */');
    const { lines, texts } = await view(console, {
      view: 'disassembly',
      at: '',
      before: 0,
      after: 1,
      source: true,
    });
    expect(texts).toEqual([{ ...lines[0]?.source, text: expect.stringContaining('/* bottom */') }]);
    await console.run('eq @rsp loop!fact');
    const { names, base } = await view(console, {
      view: 'memory',
      at: '@rsp',
      offset: '0',
      length: 16,
      symbols: true,
    });
    expect(names?.[base]).toMatch(/^loop!fact/);
  });

  it('lists events as sx does, and the bits of whole numbers', TIMEOUT, async () => {
    const console = await stopped('/* end */');
    await console.run('sxd -c "k" av; sxe ld:libm*');
    const { events } = await view(console, { view: 'events' });
    const row = (code: string) => events.find((each) => each.code === code);
    expect(row('av')).toMatchObject({ status: 'second', handled: false, first: 'k' });
    expect(row('ld')).toMatchObject({ status: 'break', handled: null, pattern: 'libm*' });
    const { nodes } = await view(console, {
      view: 'watch',
      expressions: ['(int)-2', '(char)65', 'g_box.v', '1.5'],
      open: [],
    });
    expect(nodes.map(({ bits }) => bits)).toEqual(['fffffffe', '41', '00000004', undefined]);
  });
});
