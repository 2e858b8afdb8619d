import { expect, it } from 'vitest';
import { unlisted } from './unlisted.ts';

const banner = (number: string) =>
  `Linux version 6.1.0-56-arm64 (a@b) (gcc) ${number} SMP Debian 6.1.192-2 (2026-11-16)\n\0`;

function types(size: number, strings: number): Buffer {
  const header = Buffer.from([0x9f, 0xeb, 1, 0, 24, 0, 0, 0]);
  const words = new Uint32Array([0, size, size, strings]);
  return Buffer.concat([header, Buffer.from(words.buffer), Buffer.alloc(size + strings, 7)]);
}

it('finds the banner and the types of a kernel that does not list them', () => {
  const parts = [
    Buffer.from('%s version %s\0'),
    Buffer.from(banner('#')),
    Buffer.from(banner('#1')),
    Buffer.from([0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 9, 9, 9, 9]),
    types(64, 32),
  ];
  const rodata = Buffer.concat(parts);
  const at = (index: number) => parts.slice(0, index).reduce((sum, { length }) => sum + length, 0);
  expect([...unlisted(rodata)]).toEqual([
    ['linux_banner', at(2)],
    ['__start_BTF', at(4)],
    ['__stop_BTF', at(5)],
  ]);
  // What is cut short is none.
  expect(unlisted(rodata.subarray(0, -1)).has('__start_BTF')).toBe(false);
  expect(unlisted(Buffer.from('nothing')).size).toBe(0);
});
