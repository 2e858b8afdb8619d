import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectElf, normalBuildId } from './elf-file.ts';
import { debugOf, library, sizeOf } from './testing/elf.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-elf-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function stripped(): string {
  const path = join(folder, 'stripped.so');
  execFileSync('strip', ['-o', path, library(1)]);
  return path;
}

function hasDebugSection(path: string): boolean {
  return /\.z?debug_info\s/.test(execFileSync('readelf', ['-SW', path], { encoding: 'utf8' }));
}

/** What binutils say. */
function readelf(path: string): string | null {
  const out = execFileSync('readelf', ['-nW', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return /Build ID: ([0-9a-f]+)/.exec(out)?.[1] ?? null;
}

describe('what tells an ELF file from others', () => {
  it.each([
    ['a library', () => library(1), true],
    ['one with a build id of another kind', () => library(1, 64, ['-Wl,--build-id=md5']), true],
    ['its debug information', () => debugOf(library(1)), false],
    ['this program', () => process.execPath, true],
    ['one that was stripped', () => stripped(), true],
  ])('of %s is as binutils say', async (_what, path, program) => {
    const facts = await inspectElf(path());
    expect(facts).toEqual({
      size: sizeOf(path()),
      buildId: readelf(path()),
      complete: true,
      program,
      debug: hasDebugSection(path()),
    });
    expect(facts?.buildId).toMatch(/^[0-9a-f]{32,40}$/);
  });

  it('is found without the table of sections', async () => {
    const whole = await readFile(library(1));
    whole.writeBigUInt64LE(0n, 40);
    whole.writeUInt16LE(0, 60);
    const path = join(folder, 'no-sections');
    await writeFile(path, whole);
    expect((await inspectElf(path))?.buildId).toBe(readelf(library(1)));
  });

  it('is found in files of 32 bits and of the other byte order', async () => {
    const id = '0123456789abcdef0123';
    for (const wide of [false, true])
      for (const little of [false, true]) {
        const path = join(folder, `made-${wide}-${little}`);
        await writeFile(path, made(wide, little, id));
        expect(await inspectElf(path)).toEqual({
          size: 200,
          buildId: id,
          complete: true,
          program: true,
          debug: false,
        });
      }
  });

  it('notices what is missing at its end, wherever it was cut', async () => {
    const whole = await readFile(library(1));
    const path = join(folder, 'cut');
    for (const length of [whole.length - 1, whole.length >> 1, 5000, 100]) {
      await writeFile(path, whole.subarray(0, length));
      expect((await inspectElf(path))?.complete).toBe(false);
    }
    await writeFile(path, whole.subarray(0, 50));
    expect(await inspectElf(path)).toBe(null);
  });

  it('takes any damage without harm', async () => {
    const whole = (await readFile(library(1, 1))).subarray();
    const path = join(folder, 'damaged');
    const at = fc.oneof(fc.nat(200), fc.nat(whole.length - 9));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(at, fc.bigInt(0n, 2n ** 64n - 1n)), { maxLength: 6 }),
        async (hits) => {
          const damaged = Buffer.from(whole);
          for (const [where, what] of hits) damaged.writeBigUInt64LE(what, where);
          await writeFile(path, damaged);
          const facts = await inspectElf(path);
          if (facts?.buildId) expect(normalBuildId(facts.buildId)).toBe(facts.buildId);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is a build id of a sane length', () => {
    expect(normalBuildId('ABCDEF0123456789')).toBe('abcdef0123456789');
    for (const bad of [null, '', 'abcd', '0'.repeat(40), 'x'.repeat(40), 'abc'.repeat(15), 'ab'.repeat(65)])
      expect(normalBuildId(bad)).toBe(null);
  });
});

/** A header, one note segment, and nothing else. */
function made(wide: boolean, little: boolean, id: string): Buffer {
  const data = Buffer.alloc(200);
  const u16 = (value: number, at: number) =>
    little ? data.writeUInt16LE(value, at) : data.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    little ? data.writeUInt32LE(value, at) : data.writeUInt32BE(value, at);
  const word = (value: number, at: number) => {
    if (!wide) u32(value, at);
    else if (little) data.writeBigUInt64LE(BigInt(value), at);
    else data.writeBigUInt64BE(BigInt(value), at);
  };
  data.write('\x7fELF', 'latin1');
  data[4] = wide ? 2 : 1;
  data[5] = little ? 1 : 2;
  word(64, wide ? 32 : 28);
  u16(wide ? 56 : 32, wide ? 54 : 42);
  u16(1, wide ? 56 : 44);
  u32(4, 64);
  word(140, wide ? 72 : 68);
  word(16 + id.length / 2, wide ? 96 : 80);
  word(4, wide ? 112 : 92);
  u32(4, 140);
  u32(id.length / 2, 144);
  u32(3, 148);
  data.write('GNU\0', 152, 'latin1');
  data.write(id, 156, 'hex');
  return data;
}
