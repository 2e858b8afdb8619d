import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Console } from './testing/console.ts';
import { goldenProgram } from './testing/golden-programs.ts';
import { normalise } from './testing/normalise.ts';
import { transcripts } from './testing/transcripts/all.ts';

/**
 * What commands print on a real program under a real GDB, against the files in `golden/`. A missing file
 * fails; `UPDATE_GOLDEN=1` writes them, to be read before they are committed.
 */
/** Scripts that transcripts run, as `SCRIPTS/name`. */
const scripts = fileURLToPath(new URL('golden/scripts', import.meta.url));

describe('golden transcripts', () => {
  for (const { name, program: which, args, lines } of transcripts) {
    it(name, { timeout: 120_000 }, async () => {
      const program = goldenProgram(which ?? 'loop');
      const console = new Console();
      await console.start({ kind: 'launch', program: program.path, args });
      console.take();
      let text = '';
      for (const line of lines) {
        text += await console.transcript(
          line
            .replace(/LINE\((.*)\)/, (_, marker) => String(program.line(`/* ${marker} */`)))
            .replaceAll('SCRIPTS', scripts),
        );
      }
      const file = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url));
      const actual = normalise(text.replaceAll(scripts, 'SCRIPTS'), dirname(program.path));
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
      expect(existsSync(file), `golden/${name}.txt is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
      expect(actual).toBe(readFileSync(file, 'utf8'));
    });
  }
});
