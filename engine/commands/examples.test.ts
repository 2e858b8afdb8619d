import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withLibrarySymbols } from '../gdb/testing/library-symbols.ts';
import { compile } from '../gdb/testing/programs.ts';
import type { CommandEntry } from './entry.ts';
import { commandTable } from './table.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

withLibrarySymbols();

/** Examples that speak of other machines, or of clients that have joined; those of kernels are run with one. */
const ELSEWHERE = new Set(
  '.attach .create .endpsrv || .clientrole .endclient .remote_exit .remote'.split(' '),
);
const KERNELS = new Set(
  'fp !db !dc !dd !dp !dq !dw !du !eb !ew !ed !eq !pte !vtop !process .process .thread !dmesg .reboot .crash !irql'.split(
    ' ',
  ),
);
/** Each with a debugger of its own: nothing after them would be as it was. */
const ALONE = new Set('q qd qq qqd .noshell .secure .symfix .opendump'.split(' '));

/** What has to be there before. */
const BEFORE: Readonly<Record<string, string>> = {
  bc: 'bp0 loop!work; bp1 loop!main; bp2 loop!helper; bp4 loop!crash',
  be: 'bp1 loop!main',
  bd: 'bp1 loop!main',
  br: 'bp0 loop!main',
  bs: 'bp0 loop!main',
  bsc: 'bp0 loop!main',
  '.endsrv': '.server tcp:port=5005',
  '.exr': 'sxe av; r rip = 0; g',
  '.ecxr': 'sxe av; r rip = 0; g',
  '!removesourcemaps': '!addsourcemap * /build/loop /home/me/loop',
};
/** To where there is a second thread. */
const TO_THREADS = 'g `loop.c:LINE`';

/** Those that run the target need it started anew each time: in the full run only. */
const full = process.env.HAWSER_FULL !== undefined;

/** What is written to /tmp in examples. */
const folder = mkdtempSync(join(tmpdir(), 'hawser-examples-'));
writeFileSync(join(folder, 'watch.txt'), '.if (1) { .echo one; }\n? 2\n');
writeFileSync(join(folder, 'show.txt'), 'dd ${$arg1} L${$arg2}\n');
afterAll(() => rmSync(folder, { recursive: true }));
const exampleOf = ({ example = '' }: CommandEntry): string => example.replaceAll('/tmp/', `${folder}/`);

const entries = commandTable.filter(({ family }) => family !== 'Not available here');
const program = compile('loop.c', loopSource);

async function started(): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: ['3', 'threads'] });
  await console.run('g loop!recurse');
  return console;
}

describe('the examples of the command reference', () => {
  it(full ? 'run' : 'run, but for those that run the target', { timeout: 300_000 }, async () => {
    const failed: string[] = [];
    const console = await started();
    let moved = false;
    for (const entry of entries) {
      const { name, family, front } = entry;
      const example = exampleOf(entry);
      if (front || [ELSEWHERE, KERNELS, ALONE].some((each) => each.has(name))) continue;
      const ends = /^\.(?:restart|detach|kill|abandon|exr|ecxr)$/.test(name);
      if ((family === 'Execution' || ends) && !full) continue;
      if (moved || console.language.state.kind === 'none') {
        await console.run('bc *; sxr; .restart; g loop!recurse');
        moved = false;
      }
      const threads = /^~1/.test(example);
      const before = (threads ? TO_THREADS : BEFORE[name])?.replace(
        'LINE',
        String(program.line('/* threads */')),
      );
      if (before) await console.run(before);
      const { process: target } = console.language.state;
      console.take();
      const { ok } = await console.outcome(example);
      if (!ok) failed.push(`${name}: ${example}: ${console.take()}`);
      if (console.language.state.prompt === 'Input> ') await console.run('');
      // What was let go is not left behind.
      if (/^\.(?:detach|abandon)$/.test(name) && target) process.kill(target.pid, 'SIGKILL');
      if (family === 'Breakpoints') await console.run('bc *');
      moved = family === 'Execution' || threads || ends;
    }
    expect(failed).toEqual([]);
  });

  it('run by themselves where they change the debugger for good', { timeout: 120_000 }, async () => {
    const failed: string[] = [];
    for (const entry of entries.filter(({ name }) => ALONE.has(name))) {
      const console = new Console();
      if (entry.name === '.opendump') {
        await console.start({ kind: 'launch', program: program.path, args: ['3'] });
        await console.run(`.dump /o ${folder}/loop.core`);
      }
      console.take();
      const { ok } = await console.outcome(exampleOf(entry));
      if (!ok) failed.push(`${entry.name}: ${entry.example}: ${console.take()}`);
      if (/^q/.test(entry.name)) expect(console.ended, entry.name).not.toBeNull();
    }
    expect(failed).toEqual([]);
  });

  it('of kernels are refused to programs, and those of fronts to the session', {
    timeout: 60_000,
  }, async () => {
    const console = await started();
    for (const entry of entries.filter(({ name, front }) => front || KERNELS.has(name))) {
      const { ok } = await console.outcome(exampleOf(entry));
      expect(ok, `${entry.name}: ${console.take()}`).toBe(false);
    }
  });
});
