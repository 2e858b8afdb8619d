import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';

const TIMEOUT = { timeout: 60_000 };

const VECTORS = String.raw`
#include <stdio.h>
__attribute__((cold, noinline)) int rare(int n) { __builtin_printf("%d\n", n); return n; }
__attribute__((noinline)) int parted(int n) {
  if (__builtin_expect(n > 100, 0)) { rare(n); rare(n + 1); __builtin_abort(); }
  return n * 3;
}
int main(int argc, char **argv) {
  __asm__ volatile("movups %0, %%xmm3" : : "m"(*(const float (*)[4])(const float[]){1.5f, -2.0f, 0.25f, 1e10f}) : "xmm3");
  __asm__ volatile("fldpi; nop" : : : "st");
  return parted(argc) + (argv[0] == 0); /* here */
}
`;

async function started(source = VECTORS, flags = ['-g', '-O2', '-fcf-protection=none']) {
  const program = compile('vectors.c', source, flags);
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  return { console, program };
}

describe('registers of vectors and floats', () => {
  it('are shown by type, and as GDB has them', TIMEOUT, async () => {
    const { console, program } = await started(VECTORS, ['-g', '-O0', '-fcf-protection=none']);
    await console.run(`g \`vectors.c:${program.line('/* here */')}\``);
    expect(await console.run('r xmm3')).toBe('xmm3=1e+010 0.25 -2 1.5\n');
    expect(await console.run('r xmm3:2f, xmm3:ud')).toBe(
      'xmm3=-2 1.5 xmm3=501502f9 3e800000 c0000000 3fc00000\n',
    );
    expect(await console.run('r xmm3:uq')).toBe('xmm3=501502f93e800000 c00000003fc00000\n');
    expect(await console.run('r xmm3:3ib')).toBe('xmm3=-64 0 0\n');
    expect(await console.run('r st0')).toBe('st0= 3.141592653589793238513e+0000 (0:4000:c90fdaa22168c235)\n');
    expect(await console.run('.gdb p $st0')).toContain('3.14159265358979323851');
    expect((await console.run('rX')).split('\n')[3]).toBe('xmm3=1e+010 0.25 -2 1.5');
    expect(await console.run('rF')).toMatch(/^fpcw=037F: rn 64 puozdi {2}fpsw=....: top=7 /);
    await console.run('rm 42');
    expect((await console.run('r')).split('\n').slice(-4, -2)).toEqual([
      expect.stringMatching(/^xmm15=/),
      expect.stringContaining('vectors!main+'),
    ]);
    expect(await console.run('rm')).toBe(
      'Register output mask is 42:\n       2 - Integer state (64-bit)\n      40 - SSE XMM registers\n',
    );
    expect(await console.run('rm 2a; rm')).toMatch(/^Ignored invalid bits 20\nRegister output mask is a:\n/);
  });
});

describe('a call of the target', () => {
  it('that does not return is ended by a break-in, and nothing has changed', TIMEOUT, async () => {
    const endless = 'int n; void endless(void) { for (;;) n++; } int main(void) { return n; }';
    const { console } = await started(endless, ['-g', '-O0']);
    await console.run('g main');
    const before = await console.run('r');
    const call = console.run('.call endless()');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await console.language.breakIn();
    expect(await call).toContain('cancelled by a break-in');
    expect(await console.run('r')).toBe(before);
    expect(Number(/0n(\d+)/.exec(await console.run('?? n'))?.[1])).toBeGreaterThan(0);
    expect(await console.run('g')).toContain('Exit process');
  });
});

describe('uf', () => {
  it('shows parts that stand apart, and what is called', TIMEOUT, async () => {
    const { console } = await started();
    const text = await console.run('uf vectors!parted');
    expect(text).toMatch(/^vectors!parted \[/);
    expect(text).toMatch(/\n\nvectors!parted\.cold(?:\.\d+)? \[/);
    const calls = await console.run('uf /c vectors!parted');
    expect(calls.match(/^ {4}call to vectors!\S+ \(/gm)).toHaveLength(3);
    expect(await console.run('uf 0')).toMatch(/^No code found, aborting\n/);
  });
});

describe('code of the C library', () => {
  it('is what objdump shows', TIMEOUT, async () => {
    const { console } = await started();
    const [row = ''] = (await console.run('lm m libc_so')).split('\n').slice(1);
    const base = BigInt(`0x${row.slice(0, 17).replace('`', '')}`);
    const path = '/lib/x86_64-linux-gnu/libc.so.6';
    for (const name of ['qsort_r', 'printf', 'memfrob', 'getenv']) {
      const shown = await console.run(`uf /o libc_so!${name}`);
      const ours = [...shown.matchAll(/^(?:\s*\d* )?([0-9a-f`]{17}) ([0-9a-f]+) +(\S+)/gm)].map(
        ([, at = '', bytes = '', mnemonic = '']) => [
          (BigInt(`0x${at.replace('`', '')}`) - base).toString(16),
          bytes,
          mnemonic,
        ],
      );
      expect(ours.length).toBeGreaterThan(3);
      const first = BigInt(`0x${ours[0]?.[0]}`);
      const last = ours.at(-1);
      const stop = BigInt(`0x${last?.[0]}`) + BigInt((last?.[1]?.length ?? 0) / 2);
      const listing = execFileSync(
        'objdump',
        ['-d', '-w', '-M', 'intel', `--start-address=${first}`, `--stop-address=${stop}`, path],
        { encoding: 'utf8' },
      );
      const theirs = [...listing.matchAll(/^ +([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*(\S+)/gm)].map(
        ([, at = '', bytes = '', mnemonic = '']) => [at, bytes.replaceAll(' ', ''), mnemonic],
      );
      const plain = (mnemonic = '') => mnemonic.replace('movabs', 'mov');
      expect(ours.map(([at, bytes, mnemonic]) => [at, bytes, plain(mnemonic)])).toEqual(
        theirs.map(([at, bytes, mnemonic]) => [at, bytes, plain(mnemonic)]),
      );
    }
  });
});
