import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';

/** The same names in both, of different types. */
const LIBRARY = `
struct thing { char x; long big[4]; };
static struct thing shared = {'z', {7, 8, 9, 10}};
static long counter = 22;
__thread int of_thread = 3;
int use(void) { counter++; return (int)counter + shared.x + of_thread; /* library */ }
`;
const PROGRAM = `
struct thing { int a; int b; };
static struct thing shared = {1, 2};
static int counter = 11;
int only = 5;
extern int use(void);
static int around(int counter) { return counter + use(); /* around */ }
int main(void) {
  counter++;
  int sum = around(shared.b);
  sum += counter; /* no */
  return sum; /* yes */
}
`;

describe('names that two modules have', () => {
  it('are told apart in C++ expressions', { timeout: 60_000 }, async () => {
    const library = compile('libpair.so.c', LIBRARY, ['-g', '-O0', '-shared', '-fPIC']);
    const folder = dirname(library.path);
    const flags = ['-g', '-O0', `-L${folder}`, `-Wl,-rpath,${folder}`, '-l:libpair.so'];
    const program = compile('two.c', PROGRAM, flags);
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: [] });
    const shown = async (line: string): Promise<string> => (await console.run(line)).trim();
    const both = async (): Promise<void> => {
      expect(await shown('?? two!counter')).toBe('int 0n12');
      expect(await shown('?? libpair!counter')).toBe('int64 0n22');
      expect(await shown('? @@c++(&two!counter) - two!counter')).toMatch(/= 0+`0+$/);
      expect(await shown('? @@c++(&libpair!counter) - libpair!counter')).toMatch(/= 0+`0+$/);
      expect(await shown('?? two!counter + libpair!counter * 2')).toBe('int64 0n56');
      expect(await shown('?? two!shared')).toBe(
        'struct thing\n   +0x000 a                : 0n1\n   +0x004 b                : 0n2',
      );
      expect(await shown('?? (libpair!thing *)&libpair!shared')).toMatch(
        /^struct thing \* \S+\n {3}\+0x000 x {16}: 122 'z'\n/,
      );
      expect(await shown('?? sizeof(two!thing)')).toBe('unsigned int64 0x8');
      expect(await shown('?? sizeof(struct libpair!thing)')).toBe('unsigned int64 0x28');
      expect(await shown('?? ((libpair!thing *)&libpair!shared)->big[2]')).toBe('int64 0n9');
      expect(await shown('?? #FIELD_OFFSET(libpair!thing, big)')).toBe('unsigned int64 0x8');
      expect(await shown('?? #FIELD_OFFSET(two!thing, b)')).toBe('unsigned int64 0x4');
      expect(await shown('?? libpair!of_thread + two!only')).toBe('int 0n8');
      expect(await shown('dx libpair!counter')).toMatch(/: 22 \[Type: long\]$/);
    };
    // Where GDB takes the bare names for the library's, the program's, and a parameter.
    await console.run(`g \`libpair.so.c:${library.line('/* library */')}\``);
    await console.run('ed libpair!counter 0n22');
    await both();
    await console.run('.frame 2');
    await both();
    await console.run('.frame 1');
    expect(await shown('?? counter')).toBe('int 0n2');
    await both();
    // Assignments go where they are meant to go.
    await console.run('?? libpair!counter = 50');
    expect(await shown('?? two!counter')).toBe('int 0n12');
    expect(await shown('? poi(libpair!counter)')).toMatch(/^Evaluate expression: 50 /);
    expect(await shown('x *!counter')).toMatch(/two!counter = 0n12\n\S+ libpair!counter = 0n50$/);
    const at = (marker: string): string => `\`two.c:${program.line(`/* ${marker} */`)}\``;
    await console.run(`bp /w "two!counter == 51" ${at('no')}; bp /w "libpair!counter == 51" ${at('yes')}`);
    expect(await console.run('g')).toContain('Breakpoint 1 hit');
    expect(await shown('?? two!nosuch')).toBe("Couldn't resolve error at 'two!nosuch'");
    expect(await shown('?? (nosuch!thing *)0')).toContain("Couldn't resolve error at 'nosuch!thing");
  });
});
