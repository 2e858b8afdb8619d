import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coveredBy } from './eh-frame.ts';

const SOURCE = `
int with(int a) { return a + 1; }
__attribute__((noinline)) int other(int a) { return with(a) * 3; }
int main(int argc, char **argv) { (void)argv; return other(argc); }
`;

it('tells as readelf does which code can be unwound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-frames-'));
  try {
    const source = join(folder, 'one.c');
    const program = join(folder, 'one');
    writeFileSync(source, SOURCE);
    execFileSync('gcc', ['-O1', '-fasynchronous-unwind-tables', '-o', program, source]);
    const listed = execFileSync('readelf', ['-SW', program], { encoding: 'utf8' });
    const [, address = '', offset = '', size = ''] =
      /\.eh_frame +PROGBITS +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)/.exec(listed) ?? [];
    const at = Number.parseInt(offset, 16);
    const section = readFileSync(program).subarray(at, at + Number.parseInt(size, 16));
    const frames = execFileSync('readelf', ['--debug-dump=frames', program], { encoding: 'utf8' });
    const expected = [...frames.matchAll(/FDE .*pc=([0-9a-f]+)\.\.([0-9a-f]+)/g)].map(
      ([, start = '', end = '']) => ({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }),
    );
    expect(expected.length).toBeGreaterThan(3);
    expect(coveredBy(section, BigInt(`0x${address}`))).toEqual(expected);
    // What is cut short ends it, and nothing else.
    for (let length = 0; length < section.length; length += 7)
      expect(coveredBy(section.subarray(0, length), 0n).length).toBeLessThanOrEqual(expected.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
