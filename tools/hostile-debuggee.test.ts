import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../engine/gdb/testing/programs.ts';
import { runConsole } from './testing/console-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A colour, the window's title, the clipboard, what is read backwards. */
const EVIL = '\u001b[31m\u001b]0;taken\u0007\u001b]52;c;ZXZpbA==\u0007\u202egpj.exe';
const inC = [...Buffer.from(EVIL)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/** A name as long as what is put in its place. */
const PLACE = `evil_${'x'.repeat(Buffer.byteLength(EVIL))}`;

const SOURCE = `#include <stdio.h>
#include <sys/prctl.h>
int ${PLACE}(int n) { return n + 1; }
char text[] = "${inC}";
int main(void) {
  prctl(PR_SET_NAME, "${inC}");
  printf("said ${inC}\\n");
  fflush(stdout);
  return ${PLACE}(41) + *(volatile int *)0;
}
`;

/** Nothing that steers a terminal or turns text around. */
const HARMFUL = /(?![\n\t])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const SECTIONS =
  process.env.HAWSER_FULL === undefined
    ? ['.debug_info', '.debug_line']
    : ['.debug_info', '.debug_abbrev', '.debug_line', '.debug_str', '.eh_frame'];

describe('a debuggee that means harm', () => {
  it('steers no terminal by its output, its names and its memory', { timeout: 240_000 }, async () => {
    const program = hostile(join(folder, `${EVIL}.bin`));
    const commands = [
      'g',
      'lm',
      'x *!*evil*',
      'k',
      '~',
      '|',
      'da text',
      '!peb',
      '.lastevent',
      '.echo still here',
    ];
    const { stdout, stderr } = await runConsole(['cdb', program], commands);
    expect(stdout).toContain('still here');
    expect(stdout).toContain('evil_');
    expect(stdout).toMatch(/said /);
    expect(stdout).not.toMatch(HARMFUL);
    expect(stderr).not.toMatch(HARMFUL);
  });

  it('takes nothing down by its debug information, however it is broken', { timeout: 600_000 }, async () => {
    const sound = compile('hostile-dwarf.c', 'int main(void) { int a[3] = {1}; return a[0]; }\n').path;
    for (const [seed, section] of SECTIONS.entries()) {
      const program = join(folder, `broken${seed}`);
      breakSection(sound, program, section, seed + 1);
      const commands = ['bp main', 'g', 'k', 'dv', 'x *!main', 'ln main', '? 19 + 4', '.echo alive'];
      const { stdout, stderr } = await runConsole(['cdb', program], commands);
      expect(stdout, section).toContain('alive');
      expect(stdout + stderr, section).not.toMatch(/Internal error|defect in Hawser/);
    }
  });

  it('cannot have a file outside of the session’s folders written or run by its names', {
    timeout: 240_000,
  }, async () => {
    const deep = join(folder, 'deep');
    mkdirSync(deep);
    const program = join(deep, '; .shell touch pwned; $(touch pwned) `touch pwned` "x.bin');
    hostile(program);
    // GDB would run a script that lies beside a program.
    writeFileSync(`${program}-gdb.py`, `open(${JSON.stringify(join(deep, 'pwned'))}, "w")\n`);
    writeFileSync(join(deep, '.gdbinit'), `shell touch ${join(deep, 'pwned')}\n`);
    const { stdout } = await runConsole(['cdb', program], ['lm', '.reload', 'x *!main', '.echo alive']);
    expect(stdout).toContain('alive');
    expect(execFileSync('find', [folder, process.cwd(), '-maxdepth', '1', '-name', 'pwned']).toString()).toBe(
      '',
    );
    expect(execFileSync('ls', [deep]).toString()).not.toMatch(/^pwned$/m);
  });
});

/** A program whose symbol has a name that no compiler would give it. @returns its path */
function hostile(path: string): string {
  const built = readFileSync(compile('hostile.c', SOURCE).path);
  const name = Buffer.from(`evil_${EVIL}`);
  for (let at = built.indexOf(PLACE); at >= 0; at = built.indexOf(PLACE, at)) name.copy(built, at);
  writeFileSync(path, built, { mode: 0o755 });
  return path;
}

/** Every few bytes of a section another one, by a seed. */
function breakSection(from: string, to: string, section: string, seed: number): void {
  const dump = `${to}.section`;
  execFileSync('objcopy', ['--dump-section', `${section}=${dump}`, from, `${to}.copy`]);
  const bytes = readFileSync(dump);
  let state = seed * 2654435761;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  for (let hits = 0; hits < Math.max(8, bytes.length / 40); hits++)
    bytes[next() % bytes.length] = next() & 255;
  writeFileSync(dump, bytes);
  execFileSync('objcopy', ['--update-section', `${section}=${dump}`, from, to], { stdio: 'pipe' });
}
