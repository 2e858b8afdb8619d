import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { librarySymbolsOnce } from '../gdb/testing/library-symbols.ts';
import { available } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { goldenProgram } from './testing/golden-programs.ts';
import { normalise, normaliseMoving, normaliseRust } from './testing/normalise.ts';
import { transcripts } from './testing/transcripts/all.ts';

/**
 * What commands print on a real program under a real GDB, against the files in `golden/`. A missing file
 * fails; `UPDATE_GOLDEN=1` writes them, to be read before they are committed.
 */
/** Scripts that transcripts run, as `SCRIPTS/name`. */
const scripts = fileURLToPath(new URL('golden/scripts', import.meta.url));

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('golden transcripts', () => {
  for (const { name, program: which, args, lines, core, librarySymbols } of transcripts) {
    const missing = which === 'rust' && !available('rustc');
    it.skipIf(missing)(
      `${name}${missing ? ' (skipped: there is no rustc here)' : ''}`,
      { timeout: 120_000 },
      async () => {
        if (librarySymbols) onTestFinished(librarySymbolsOnce());
        const program = goldenProgram(which ?? 'loop');
        const console = new Console();
        await console.start({ kind: 'launch', program: program.path, args });
        if (core) await openItsCore(console, program.path);
        console.take();
        let text = '';
        for (const line of lines) {
          text += await console.transcript(
            line
              .replace(/LINE\((\w+)\)/, (_, marker) =>
                String(program.line(which === 'rust' ? `// ${marker}` : `/* ${marker} */`)),
              )
              .replaceAll('SCRIPTS', scripts)
              .replaceAll(/\bDIR\b/g, dirname(program.path)),
          );
        }
        const file = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url));
        const mask = which === 'rust' ? normaliseRust : which === 'staticPie' ? normaliseMoving : normalise;
        const actual = mask(
          text
            .replaceAll(scripts, 'SCRIPTS')
            .replaceAll(dirname(program.path), 'DIR')
            .replaceAll(dirname(program.source), 'SOURCES'),
          dirname(program.path),
        );
        if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
        expect(existsSync(file), `golden/${name}.txt is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
        expect(actual).toBe(readFileSync(file, 'utf8'));
      },
    );
  }
});

/** Where the program dies, as GDB writes it: the system may write none. */
async function openItsCore(console: Console, program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-golden-'));
  folders.push(folder);
  await console.run('sxd *; g');
  const core = join(folder, 'core');
  await console.run(`.dump /ma "${core}"; .kill`);
  await console.start({ kind: 'core', core, program });
}
