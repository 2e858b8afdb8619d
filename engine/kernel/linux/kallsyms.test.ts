import { describe, expect, it } from 'vitest';
import { findBanner, findKallsyms, type KernelSymbol } from './kallsyms.ts';
import { makeKallsyms } from './testing/kallsyms.ts';

const BASE = 0xffff_ffff_8860_0000n;

function someSymbols(percpu: boolean): KernelSymbol[] {
  const symbols: KernelSymbol[] = percpu
    ? [
        { name: '__per_cpu_start', type: 'A', address: 0n },
        { name: 'current_task', type: 'A', address: 0x1fbc0n },
      ]
    : [];
  for (let index = 0; index < 3000; index++)
    symbols.push({
      name: `${index % 3 === 0 ? 'vfs_' : 'do_sys_'}${index}_init`,
      type: index % 2 ? 'T' : 't',
      address: BASE + BigInt(index * 0x1230),
    });
  // A name of Rust's, longer than a byte tells.
  symbols.push({ name: `_R${'q'.repeat(300)}`, type: 't', address: BASE + 0xe0_0000n });
  return symbols;
}

describe('kallsyms in memory', () => {
  it.each([
    ['of 6.1', { first: true, percpu: true }],
    ['of 6.2', { first: true, percpu: true, sequences: true }],
    ['of newer kernels', { first: false, percpu: true }],
    ['without absolute symbols', { first: false, percpu: false }],
  ])('are found and unpacked: the order %s', (_, form) => {
    const symbols = someSymbols(form.percpu);
    expect(findKallsyms(makeKallsyms(symbols, BASE, form))).toEqual(symbols);
  });

  it('are not found where they are cut short, or where there are none', () => {
    const whole = makeKallsyms(someSymbols(true), BASE, { first: true, percpu: true });
    const names = Buffer.from(whole).indexOf('sys_');
    expect(findKallsyms(whole.subarray(0, names))).toBeNull();
    expect(findKallsyms(whole.subarray(40_000))).toBeNull();
    expect(
      findKallsyms(Buffer.from('0\x001\x002\x003\x004\x005\x006\x007\x008\x009\x00'.repeat(50))),
    ).toBeNull();
    expect(findKallsyms(new Uint8Array(0))).toBeNull();
  });

  it('take no time on what only looks like them', () => {
    const noise = Buffer.alloc(1 << 20);
    let seed = 1;
    for (let at = 0; at < noise.length; at++) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      noise[at] = seed >> 16;
    }
    noise.write('0\x001\x002\x003\x004\x005\x006\x007\x008\x009\x00', 500_000, 'latin1');
    expect(findKallsyms(noise)).toBeNull();
  });
});

describe('the banner', () => {
  const banner = 'Linux version 6.1.0-50-amd64 (a@b) (gcc) #1 SMP Debian 6.1.176-1 (2026-07-02)';

  it('is told from texts like it', () => {
    const bytes = Buffer.from(`Linux version %s (%s)\n\0junk\0${banner}\n\0`);
    expect(findBanner(bytes)).toEqual({ text: banner, at: bytes.indexOf(banner) });
  });

  it('is not made out of half of one', () => {
    expect(findBanner(Buffer.from(banner))).toBeNull();
    expect(findBanner(Buffer.from(`${banner.slice(0, 20)}\0`))).toBeNull();
  });
});
