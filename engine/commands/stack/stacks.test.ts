import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MiConnection } from '../../gdb/mi/connection.ts';
import { withLibrarySymbols } from '../../gdb/testing/library-symbols.ts';
import { compile, type Program } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { goldenProgram } from '../testing/golden-programs.ts';

withLibrarySymbols();

const LONG = { timeout: 120_000 };

const crowd = compile(
  'crowd.c',
  `#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_barrier_t all;
__attribute__((noinline)) static int deep(int n) { volatile int room = n; return n > 0 ? deep(n - 1) + room : (pause(), 0); }
static void *work(void *n) { pthread_barrier_wait(&all); return (void *)(long)deep((long)n % 20); }
void ready(void) {}
int main(int argc, char **argv) {
  long count = atoi(argv[1]);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_barrier_init(&all, 0, count + 1);
  for (long i = 0; i < count; i++) { pthread_t t; if (pthread_create(&t, &small, work, (void *)i)) abort(); }
  pthread_barrier_wait(&all);
  usleep(200000);
  ready();
  return argc > 9;
}
`,
  ['-g', '-O0', '-pthread', '-no-pie'],
);

async function at(program: Program, line: string, args: string[] = []): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args });
  await console.run(line);
  return console;
}

afterEach(() => vi.restoreAllMocks());

/** What a line prints, and how often GDB was asked for it. */
async function counted(console: Console, line: string): Promise<{ text: string; asked: number }> {
  const send = vi.spyOn(MiConnection.prototype, 'send');
  const before = send.mock.calls.length;
  const text = await console.run(line);
  return { text, asked: send.mock.calls.length - before };
}

describe('stacks of a thousand threads', () => {
  it('are read in few round trips, and told from each other', LONG, async () => {
    const console = await at(crowd, 'g crowd!ready', ['1000']);
    const stacks = await counted(console, '~*kcL 40');
    expect(stacks.text.match(/ Id: /g)).toHaveLength(1001);
    // Thread n stands n % 20 calls deep.
    const depths = stacks.text.split(/\n\n/).map((text) => (text.match(/crowd!deep$/gm) ?? []).length);
    expect(depths).toEqual([0, ...Array.from({ length: 1000 }, (_, index) => (index % 20) + 1)]);
    expect(stacks.asked).toBeLessThan(30);

    const words = await counted(console, '~*kb 3');
    expect(words.text.match(/ Id: /g)).toHaveLength(1001);
    expect(words.asked).toBeLessThan(30);

    const unique = await counted(console, '!uniqstack');
    expect(unique.text.match(/ Id: /g)).toHaveLength(21);
    expect(unique.text).toMatch(
      /Total threads: 1001\nDuplicate callstacks: 980 \(windbg thread #s follow\):\n21, 22, /,
    );
    const found = await counted(console, '!findstack crowd!work 0');
    expect(found.text.match(/^Thread \d+, 1 frame/gm)).toHaveLength(1000);
    expect(unique.asked + found.asked).toBeLessThan(60);

    await console.run('k 3');
    expect((await counted(console, 'k 3')).asked).toBe(0);
    expect((await counted(console, '.frame 1; .f-; k 2')).asked).toBe(0);
  });
});

/** GDB's own backtrace where it stops by itself: address (none for the innermost), function. */
function backtrace(program: Program, ...commands: string[]): string[] {
  const args = [...commands, 'set backtrace past-main on', 'bt'].flatMap((command) => ['-ex', command]);
  const out = execFileSync('gdb', ['--nx', '--batch', '-ex', 'set width 0', ...args, program.path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return [...out.matchAll(/^#\d+ +(?:0x([0-9a-f]+) in )?(\S+) \(/gm)].map(([, , name]) => name ?? '');
}

describe("k against GDB's bt", () => {
  const shown = async (console: Console) =>
    (await console.run('kcL'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^[0-9a-f]+ (\w+!)?/, ''));
  /** Some functions of the C library have several names. */
  const bare = (name: string) => name.replace(/^(__GI_|__)?/, '').replace(/_(impl|internal)$/, '');

  it('names the same frames, inlined ones and those of system libraries too', LONG, async () => {
    const program = goldenProgram('optimised');
    const console = await at(program, 'g');
    const theirs = backtrace(program, 'run');
    const ours = await shown(console);
    expect(theirs.length).toBeGreaterThan(8);
    expect(ours).toHaveLength(theirs.length);
    const own = theirs
      .map((name, index) => [name, ours[index]] as const)
      .filter(([name]) => !/^_/.test(name));
    expect(own.map(([name]) => name)).toEqual(
      expect.arrayContaining(['leaf', 'middle', 'outer', 'twice', 'main']),
    );
    for (const [name, our] of own) expect(bare(our ?? '')).toBe(bare(name));
  });

  it('finds the callers in a program without symbols', LONG, async () => {
    const program = goldenProgram('stripped');
    const console = await at(program, 'g');
    const frames = (await console.run('kL')).trimEnd().split('\n').slice(1);
    expect(frames).toHaveLength(backtrace(program, 'run').length);
    expect(frames.filter((line) => / bare\+0x[0-9a-f]+$/.test(line)).length).toBeGreaterThan(3);
    expect(frames.join('\n')).not.toContain('WARNING');
  });
});

describe("dv against GDB's info locals and info args", () => {
  it('shows the same names and numbers in every frame of an optimised program', LONG, async () => {
    const program = goldenProgram('optimised');
    const line = `break ${program.source}:${program.line('/* leaf */')}`;
    const commands = [
      'set width 0',
      'set backtrace past-main on',
      'set print entry-values no',
      line,
      'run',
      'frame apply 5 -q info args',
      'frame apply 5 -q info locals',
    ];
    const out = execFileSync(
      'gdb',
      ['--nx', '--batch', ...commands.flatMap((each) => ['-ex', each]), program.path],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const theirs = new Set(
      [...out.matchAll(/^(\w+) = (-?\d+|<optimized out>)$/gm)].map(([, name, value]) => `${name} ${value}`),
    );
    const console = await at(program, `g \`fast.c:${program.line('/* leaf */')}\``);
    const text = await console.run('!for_each_frame ".if (@$frame < 5) { dv }"');
    const ours = new Set(
      [...text.matchAll(/^ *(\w+) = (?:0n(-?\d+)|(<optimized out>))$/gm)].map(
        ([, name, number, nowhere]) => `${name} ${number ?? nowhere}`,
      ),
    );
    expect(theirs.size).toBeGreaterThan(6);
    expect([...ours].sort()).toEqual([...theirs].sort());
  });
});

describe('stacks that begin elsewhere', () => {
  it(
    'are walked from any frame’s stack pointer and address, with and without frame pointers',
    LONG,
    async () => {
      for (const name of ['optimised', 'loop'] as const) {
        const console = await at(
          goldenProgram(name),
          name === 'loop' ? 'g loop!crash' : 'g fast!outer',
          ['3', 'crash'].slice(0, name === 'loop' ? 2 : 0),
        );
        const rows = (await console.run('kL')).trimEnd().split('\n').slice(1);
        for (const [level, row] of rows.entries()) {
          const [, pointer = ''] = row.split(' ');
          const address = level === 0 ? '@rip' : (rows[level - 1]?.split(/ +/)[2] ?? '');
          const from = (await console.run(`kL = ${pointer} ${address} 20`)).trimEnd().split('\n').slice(1);
          // A return address that is meant exactly may belong to other inlined functions than the call before it.
          const without = (lines: string[]) =>
            lines.map((line) => line.slice(3)).filter((line) => !/^\(Inline/.test(line));
          expect(without(from)).toEqual(without(rows.slice(level)));
        }
        expect((await console.run('kL')).trimEnd().split('\n').slice(1)).toEqual(rows);
      }
    },
  );

  it('kd shows what dps shows from the stack pointer on', LONG, async () => {
    const console = await at(goldenProgram('loop'), 'g loop!recurse', ['3']);
    const words = await console.run('kd 8');
    expect(words).toBe(await console.run('dps @rsp L8'));
    expect(words).toContain(' loop!main+0x');
    const [, ra = ''] = /^00 \S+ (\S+)/m.exec(await console.run('kL 1')) ?? [];
    expect(words.split('\n')[0]).toContain(ra);
    const [first = ''] = / : ((?:\S+ ){4}):/.exec(await console.run('kb 1'))?.slice(1) ?? [];
    expect(first.trim().split(' ')).toEqual(
      words
        .split('\n')
        .slice(1, 5)
        .map((line) => line.split(/ +/)[1]),
    );
  });
});
