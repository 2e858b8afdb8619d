import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { fuzzAsync, nearlyBytes } from '../../transports/testing/fuzz.ts';
import { inspectElf, normalBuildId } from './elf-file.ts';
import { library } from './testing/elf.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-elf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const whole = readFileSync(library(5, 1));
/** Everything that is looked at stands in words of the head and of the tables, at whose edges what is wrong is wrong most. */
const edge = fc.constantFrom(
  0n,
  1n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 63n,
  2n ** 64n - 1n,
  BigInt(whole.length),
);
const sections = Number(whole.readBigUInt64LE(40));
const at = fc.oneof(fc.nat(120), fc.nat(700), fc.integer({ min: sections, max: whole.length - 9 }));
const words = fc.array(fc.tuple(at, edge), { minLength: 1, maxLength: 4 }).map((hits) => {
  const out = Buffer.from(whole);
  for (const [where, what] of hits) out.writeBigUInt64LE(what, where);
  return out;
});

let count = 0;
fuzzAsync('elf', fc.oneof(words, nearlyBytes([whole])), async (bytes) => {
  const path = join(folder, String(count++ % 4));
  writeFileSync(path, bytes);
  const facts = await inspectElf(path);
  if (facts?.buildId) expect(normalBuildId(facts.buildId)).toBe(facts.buildId);
});
