import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console, REMOTE } from './testing/console.ts';

const TIMEOUT = { timeout: 60_000 };

/** It writes marks, and has them in its memory and in the name of a file. */
const MARKS = String.raw`
#include <stdio.h>
#include <unistd.h>
const char *g_marks = "<exec cmd=\".echo bad\">click</exec> &amp;";
int work(const char *text) {
  puts(text); /* work */
  fflush(stdout);
  return 0;
}
int main(void) { work(g_marks); work("</exec>"); return 0; }
`;

async function stopped(): Promise<Console> {
  const program = compile('marks.c', MARKS, ['-g', '-O0', '-no-pie', '-fcf-protection=none']);
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  await console.run(`g \`marks.c:${program.line('/* work */')}\``);
  console.links.length = 0;
  return console;
}

/** Runs a line; answers its links as [text, command]. */
async function links(console: Console, line: string, caller?: typeof REMOTE): Promise<string[][]> {
  console.links.length = 0;
  await console.run(line, caller);
  return console.links.map(({ text, command }) => [text, command]);
}

describe('links in the output', () => {
  it('lead to frames, modules, code, breakpoints and threads', TIMEOUT, async () => {
    const console = await stopped();
    expect(await links(console, 'k 2')).toEqual([
      ['00', '.frame 0x0; dv /t /v'],
      ['01', '.frame 0x1; dv /t /v'],
    ]);
    expect(await links(console, 'lm m marks')).toEqual([['marks', 'lmv m marks']]);
    expect(await links(console, 'u marks!main L9')).toContainEqual([
      expect.stringMatching(/^00000000`004/),
      expect.stringMatching(/^u 0x4[0-9a-f]+$/),
    ]);
    await console.run('bp marks!main');
    expect(await links(console, 'bl')).toEqual([
      ['e', 'bd 0; bl'],
      [expect.stringMatching(/`/), expect.stringMatching(/^u 0x/)],
    ]);
    expect(await links(console, '~')).toEqual([['0', '~0s']]);
    expect(await links(console, 'uf /c marks!main')).toContainEqual([
      expect.stringMatching(/^00000000`004/),
      expect.stringMatching(/^uf \/c 0x4[0-9a-f]+$/),
    ]);
    expect(
      (await links(console, '.dml_flow marks!main marks!main')).map(([, command]) => command),
    ).toContainEqual(expect.stringMatching(/^u 0x4[0-9a-f]+$/));
    expect(await links(console, 'dx @$curprocess.Threads')).toEqual([['[Switch To]', '~0s']]);
    expect(await links(console, 'x marks!work')).toEqual([
      [expect.any(String), expect.stringMatching(/^u 0x/)],
    ]);
    expect(await links(console, '!address @rip')).toContainEqual(['lmv m marks', 'lmv m marks']);
    // What a link runs is a command that works.
    expect(await console.run('.frame 0x1; dv /t /v')).toContain('marks!main');
    expect(await links(console, '.prefer_dml 0; k 2; lm')).toEqual([]);
    await console.run('.prefer_dml 1');
    expect((await links(console, '.dml_start')).map(([, command]) => command)).toContain('lm');
  });

  it('are never made of what a program has written', TIMEOUT, async () => {
    const console = await stopped();
    const marks = '<exec cmd=\\".echo bad\\">click</exec> &amp;';
    const raw = marks.replaceAll('\\', '');
    for (const line of [
      'da poi(marks!g_marks)',
      'dv',
      'kp 1',
      'dpa marks!g_marks L1',
      '?? g_marks',
      'dt g_marks',
    ]) {
      console.links.length = 0;
      expect(await console.run(line), line).toContain(marks);
      expect(
        console.links.filter(({ command }) => /bad/.test(command)),
        line,
      ).toEqual([]);
    }
    console.links.length = 0;
    expect(await console.run('.printf /D "<exec cmd=\\"k\\">%ma</exec>\\n", poi(marks!g_marks)')).toBe(
      `${raw}\n`,
    );
    expect(console.links.map(({ text, command }) => [text, command])).toEqual([[raw, 'k']]);
    expect(await console.run('.printf "%ma\\n", poi(marks!g_marks)')).toBe(`${raw}\n`);
    await console.run('bp marks!main; g');
    expect(console.debuggee.replaceAll('\r', '')).toContain(`${raw}\n</exec>\n`);
    expect(console.links.filter(({ command }) => /bad/.test(command))).toEqual([]);
  });

  it('tell who has written them, where that is a person', TIMEOUT, async () => {
    const console = await stopped();
    await links(console, '.printf /D "<exec cmd=\\"lm\\">x</exec>"', REMOTE);
    expect(console.links).toEqual([
      { start: 0, end: 1, command: 'lm', author: REMOTE.client?.id, text: 'x' },
    ]);
    await links(console, 'lm');
    expect(console.links.every(({ author }) => author === undefined)).toBe(true);
  });
});
