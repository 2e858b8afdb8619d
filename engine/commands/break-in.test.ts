import { describe, expect, it, vi } from 'vitest';
import { MiConnection } from '../gdb/mi/connection.ts';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';

/** Never ends, wherever it is. */
const program = compile(
  'endless.c',
  `volatile unsigned total;
unsigned block[4 << 20];
unsigned mix(unsigned value) { return value * 2654435761u ^ value >> 7; }
void work(void) { for (;;) total += mix(total); }
void quiet(void) { for (;;) total++; }
void never(void) {}
void deepest(void) {}
int deep(int depth) { if (depth == 0) { deepest(); return 0; } return deep(depth - 1) + 1; }
int main(int argc, char **argv) { deep(60000); if (argc > 1) never(); work(); quiet(); }`,
  ['-g', '-O0', '-no-pie'],
);

const LONG = { timeout: 120_000 };
const WORK = 'r rip = endless!work';
const QUIET = 'r rip = endless!quiet';

/** Breaks in as soon as the line is at work for a moment; answers what it printed. */
async function broken(console: Console, line: string): Promise<string> {
  let over = false;
  const running = console.run(line).finally(() => {
    over = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(over, `${line} is over by itself`).toBe(false);
  await console.language.breakIn();
  return running;
}

async function started(before: string): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  await console.run(before);
  return console;
}

const LOOKING = [
  'k 0n60000',
  '.frame 0n59000',
  '.for (r $t0 = 0; 1; r $t0 = @$t0 + 1) { }',
  '.while (1) { r $t0 = poi(endless!total) }',
  '.do { .if (0) { } } (1)',
  '.foreach /s (w "a b") { .while (1) { } }',
  'r $t0 = 0; z (1)',
  '.sleep 0n100000',
  '.catch { .sleep 0n100000 }; .echo never',
];

const RUNNING: readonly (readonly [line: string, before: string])[] = [
  ['g', WORK],
  ['gu', WORK],
  ['bp endless!mix "gc"; g', WORK],
  ['bp /w "value == total + 1" endless!mix; g', WORK],
  ['t 0n10000000', WORK],
  ['p 0n10000000', WORK],
  ['pc 0n10000000', WORK],
  ['tct 0n10000000', WORK],
  ['ph 0n10000000', WORK],
  ['tb 0n10000000', WORK],
  ['pa endless!never', WORK],
  ['ta endless!never', WORK],
  ['wt', WORK],
  ['pt', QUIET],
  ['tt', QUIET],
  ['pc', QUIET],
  ['l+t; t 0n10000000', QUIET],
  ['l-t; .step_filter "endless!mix"; t 0n10000000', WORK],
];

describe('a break-in', () => {
  it('ends what looks and loops, and the session is usable', LONG, async () => {
    const console = await started('pr; g endless!deepest');
    for (const line of LOOKING) {
      const text = await broken(console, line);
      expect(text, line).toContain('The command was cancelled by a break-in.');
      expect(text, line).not.toContain('never');
      expect(await console.run('k 1'), line).toContain('endless!deepest');
      expect(await console.run('? poi(endless!total)'), line).toMatch(/^Evaluate expression: 0 = /);
    }
  });

  it('ends what runs and steps, and the session is usable', LONG, async () => {
    const console = await started('pr; g endless!deepest');
    for (const [line, before] of RUNNING) {
      await console.run(`bc *; .step_filter /c; l-t; ${before}`);
      await broken(console, line);
      expect(console.language.state.run, line).toBe('stopped');
      expect(await console.run('k 3'), line).toMatch(/endless!(work|quiet)/);
      const [first, second] = [await console.run('r rip'), await console.run('bc *; l-t; t; r rip')];
      expect(first, line).toMatch(/^rip=[0-9a-f]{16}\n$/);
      expect(second, line).not.toBe(first);
    }
  });
});

describe('steps that are counted, or go on to something', () => {
  it('are made inside GDB: a thousand cost few round trips', LONG, async () => {
    const console = await started(`pr; g endless!deepest; ${WORK}`);
    const send = vi.spyOn(MiConnection.prototype, 'send');
    const asked = async (line: string): Promise<number> => {
      const before = send.mock.calls.length;
      await console.run(line);
      return send.mock.calls.length - before;
    };
    await console.run('t 0n100');
    expect(await asked('t 0n1000')).toBeLessThan(60);
    expect(await asked('p 0n1000')).toBeLessThan(60);
    expect(await asked('ta endless!mix; t 3; ta endless!mix')).toBeLessThan(60);
    expect(await asked('tt')).toBeLessThan(15);
    expect(await asked('pc')).toBeLessThan(20);
    vi.restoreAllMocks();
  });
});

describe('progress', () => {
  it(
    'is told of what shows nothing, with the instructions stepped, and ends with the command',
    LONG,
    async () => {
      const console = await started(`g endless!deepest; ${QUIET}`);
      const told = async (line: string): Promise<string> => {
        const running = console.run(line);
        await expect.poll(() => console.language.state.progress, { timeout: 60_000 }).toBeDefined();
        const { progress = '' } = console.language.state;
        await console.language.breakIn();
        await running;
        expect(console.language.state.progress).toBeUndefined();
        return progress;
      };
      expect(await told('pt')).toMatch(/^pt: [\d.]+ s so far, [\d,]+ instructions$/);
      expect(await told('.sleep 0n100000')).toMatch(/^\.sleep 0n100000: [\d.]+ s so far$/);
      const running = console.run('g');
      await new Promise((resolve) => setTimeout(resolve, 900));
      expect(console.language.state).toMatchObject({ run: 'running' });
      expect(console.language.state.progress).toBeUndefined();
      await console.language.breakIn();
      await running;
    },
  );
});
