import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { MiConnection } from '../../gdb/mi/connection.ts';
import { Console } from '../testing/console.ts';
import { type GoldenProgram, goldenProgram } from '../testing/golden-programs.ts';

const LONG = { timeout: 120_000 };

async function started(name: GoldenProgram, line = ''): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: goldenProgram(name).path, args: [] });
  if (line) await console.run(line);
  return console;
}

interface Layout {
  readonly fields: string[];
  readonly size: number;
}

const FIELD = /^\/\* *(\d+)(?:: *\d+)? *\| *\d+ \*\/ {4}\S(.*)$/;
const CLOSE = /^ {31}\} (\w+)/;

/** GDB's `ptype /o`: offset and name of each own field, and the size. */
function theirs(program: string, type: string): Layout {
  const out = execFileSync(
    'gdb',
    ['--nx', '--batch', '-ex', 'set width 0', '-ex', `ptype /o ${type}`, program],
    {
      encoding: 'utf8',
    },
  );
  const fields: string[] = [];
  let open = 0;
  for (const line of out.split('\n')) {
    const field = FIELD.exec(line);
    const close = CLOSE.exec(line)?.[1];
    if (close !== undefined) fields.push(`${open} ${close}`);
    if (!field) continue;
    open = Number(field[1]);
    const name = /\(\*+(\w+)\)|(\w+)(?:\[[^\]]*\])*(?: : \d+)?;$/.exec(field[2] ?? '');
    if (name) fields.push(`${open} ${name[1] ?? name[2]}`);
  }
  return { fields, size: Number(/total size \(bytes\): +(\d+) \*\/\s*\}\s*$/.exec(out)?.[1]) };
}

async function ours(console: Console, type: string): Promise<Layout> {
  const text = await console.run(`dt -v ${type}`);
  const fields = [...text.matchAll(/^ {3}\+0x([0-9a-f]+) (\w+)/gm)].map(
    ([, offset, name]) => `${Number.parseInt(offset ?? '', 16)} ${name}`,
  );
  return { fields, size: Number(/, (0x[0-9a-f]+) bytes$/m.exec(text)?.[1]) };
}

describe("dt against GDB's ptype /o", () => {
  it('has the same fields at the same places, in our types and those of the C library', LONG, async () => {
    const all: readonly [GoldenProgram, readonly string[]][] = [
      ['loop', ['struct node', 'struct inner']],
      ['things', ['Inner', 'Item', 'node', 'Box<int>']],
      ['classes', ['Point', 'Holder', 'Grid<Point,3>', 'lconv', '_IO_FILE', 'tm', 'std::string_view']],
    ];
    for (const [name, types] of all) {
      const console = await started(name);
      for (const type of types) {
        const expected = theirs(goldenProgram(name).path, type);
        expect(expected.size, type).toBeGreaterThan(0);
        const shown = await ours(console, type);
        expect(shown.size, type).toBe(expected.size);
        if (expected.fields.length > 0) expect(shown.fields, type).toEqual(expected.fields);
      }
    }
  });
});

describe('lists of types', () => {
  it('come as they are found, a few hundred in one round trip', LONG, async () => {
    const console = await started('classes');
    const send = vi.spyOn(MiConnection.prototype, 'send');
    const text = await console.run('dt -v -t classes!*');
    const lines = text.trimEnd().split('\n').slice(2);
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.every((line) => /^ {19,}[0-9a-f]{3,} classes!\S/.test(line))).toBe(true);
    expect(send.mock.calls.length).toBeLessThan(5 + lines.length / 100);
    vi.restoreAllMocks();
  });
});
