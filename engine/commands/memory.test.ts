import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { MiConnection } from '../gdb/mi/connection.ts';
import { compile } from '../gdb/testing/programs.ts';
import { Console, REMOTE } from './testing/console.ts';
import { thingsSource } from './testing/things.ts';

const TIMEOUT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'hawser-memory-'));
const FLAGS = ['-g', '-O0', '-no-pie', '-fcf-protection=none'];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function stopped(): Promise<Console> {
  const program = compile('loop.cpp', thingsSource, FLAGS);
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  await console.run(`g \`loop.cpp:${program.line('/* end */')}\``);
  return console;
}

describe('memory in files', () => {
  it('goes out and comes back', TIMEOUT, async () => {
    const console = await stopped();
    const file = join(folder, 'out');
    expect(await console.run(`.writemem ${file} g_tab L18`)).toBe('Writing 18 bytes.\n');
    expect([...new Uint32Array(Uint8Array.from(readFileSync(file)).buffer)]).toEqual([1, 2, 3, 4, 5, 6]);
    writeFileSync(file, Buffer.from('HELLO'));
    expect(await console.run(`.readmem "${file}" g_msg L5`)).toBe('Reading 5 bytes.\n');
    expect(await console.run('da g_msg')).toMatch(/"HELLO world"/);
    expect(await console.run(`.readmem ${file} g_msg g_msg+7`)).toContain('no more than 5 bytes');
    // 4 MB of one mapping through a file and back.
    expect(await console.run(`.writemem ${file} g_big L0n4000; .readmem ${file} g_big L0n4000`)).toBe(
      'Writing fa0 bytes..\nReading fa0 bytes..\n',
    );
    expect(await console.run(`.writemem ${file} g_msg L4`, REMOTE)).toContain('for the owner of the session');
  });
});

describe('searches', () => {
  it('find objects of a class by its functions', TIMEOUT, async () => {
    const console = await stopped();
    const at = (await console.run('.printf "%p", g_derived')).trim();
    expect(await console.run('s -v g_tab L400 g_derived')).toMatch(
      new RegExp(`^0x${at} loop!Derived\\n( .*\\n)*   \\+0x00c y +: 0n1\\n`, 'm'),
    );
    expect(await console.run('s -v g_tab L100 g_tab')).toContain(
      "No object with virtual functions at 'g_tab'",
    );
  });

  it('see what lies across the border of two reads', TIMEOUT, async () => {
    const console = await stopped();
    const size = 0x40_0000;
    const base = await console.run(`.dvalloc 0n${size}`);
    const start = BigInt(`0x${/at (\S+)/.exec(base)?.[1]?.replace('`', '')}`);
    const marks = [0x10, 0xf_fffc, 0x1f_fffe, 0x3f_fff8];
    for (const at of marks) await console.run(`eza 0x${(start + BigInt(at)).toString(16)} "needle!"`);
    const range = `0x${start.toString(16)} L0n${size}`;
    const found = await console.run(`s -[1]a ${range} "needl"`);
    expect(
      found
        .trim()
        .split('\n')
        .map((line) => BigInt(line.replace('`', '')) - start),
    ).toEqual(marks.map(BigInt));
    expect(await console.run(`s -[l6]sa ${range}`)).toBe(
      marks.map((at) => `${hex(start + BigInt(at))}  "needle!"\n`).join(''),
    );
    expect(await console.run(`.dvfree 0x${start.toString(16)} 0n${size}`)).toMatch(/^Freed 400000 bytes/);
    expect(await console.run(`db 0x${start.toString(16)} L1`)).toContain('??');
  });
});

const hex = (value: bigint) =>
  value
    .toString(16)
    .padStart(16, '0')
    .replace(/^(.{8})/, '$1`');

describe('reads between two stops', () => {
  it('are made once', TIMEOUT, async () => {
    const console = await stopped();
    const send = vi.spyOn(MiConnection.prototype, 'send');
    const reads = () =>
      send.mock.calls.filter(([line]) => /read-memory|dump_memory/.test(String(line))).length;
    try {
      await console.run('db g_msg; dd g_tab; s -a g_tab L100 "x"; dps @rsp L8');
      const first = reads();
      expect(first).toBeGreaterThan(0);
      await console.run('db g_msg; dd g_tab; s -a g_tab L100 "x"; dps @rsp L8; dc g_msg; da g_msg');
      expect(reads()).toBe(first);
      await console.run('ed g_tab 7');
      expect(await console.run('dd g_tab L1')).toMatch(/00000007\n$/);
      expect(reads()).toBeGreaterThan(first);
    } finally {
      send.mockRestore();
    }
  });
});
