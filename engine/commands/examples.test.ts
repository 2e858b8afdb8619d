import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { commandTable } from './table.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

/** Examples that speak of other machines, of kernels, of clients that have joined, or of a signal. */
const ELSEWHERE = new Set(
  [
    '.attach .create .endpsrv || .clientrole .endclient .remote_exit .exr .ecxr',
    'fp !db !eb !pte !vtop !process .process .thread !dmesg .reload .reboot .crash',
  ]
    .join(' ')
    .split(' '),
);

/** What has to be there before. */
const BEFORE: Readonly<Record<string, string>> = {
  bc: 'bp0 loop!work; bp1 loop!main; bp2 loop!helper; bp4 loop!crash',
  be: 'bp1 loop!main',
  bd: 'bp1 loop!main',
  br: 'bp0 loop!main',
  bs: 'bp0 loop!main',
  bsc: 'bp0 loop!main',
  '.endsrv': '.server tcp:port=5005',
};
/** To where there is a second thread. */
const TO_THREADS = 'g `loop.c:LINE`';

/** Those that run the target need it started anew each time: in the full run only. */
const full = process.env.HAWSER_FULL !== undefined;

describe('the examples of the command reference', () => {
  it(full ? 'run' : 'run, but for those that run the target', { timeout: 240_000 }, async () => {
    const program = compile('loop.c', loopSource);
    const failed: string[] = [];
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3', 'threads'] });
    await console.run('g loop!recurse');
    let moved = false;
    for (const { name, example, family } of commandTable) {
      if (example === undefined || ELSEWHERE.has(name)) continue;
      if (family === 'Execution' && !full) continue;
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
      console.take();
      const { ok } = await console.outcome(example);
      if (!ok) failed.push(`${name}: ${example}: ${console.take()}`);
      if (family === 'Breakpoints') await console.run('bc *');
      moved = family === 'Execution' || threads;
    }
    expect(failed).toEqual([]);
  });
});
