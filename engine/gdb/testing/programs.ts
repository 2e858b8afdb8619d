import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: this file stands in it, or has been bundled somewhere below it. */
function checkout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Compiled programs stay here from one test run to the next, under a name made of all that went into them. */
export const PROGRAMS = join(checkout(), '.cache/test-programs');

export interface Program {
  /** Path of the program. */
  readonly path: string;
  /** Path of its source. */
  readonly source: string;
  /** Number of the line, from 1, that holds the marker. */
  line(marker: string): number;
}

/** Compiles a source text once; the compiler is chosen by the file name's end, unless it is named. */
export function compile(
  name: string,
  source: string,
  flags: readonly string[] = ['-g', '-O0'],
  compiler = compilerOf(name),
): Program {
  const key = createHash('sha256')
    .update(JSON.stringify([compiler, name, source, flags]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(PROGRAMS, key);
  const file = join(folder, name);
  const path = join(folder, name.replace(/\.\w+$/, ''));
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, source);
    const temporary = `${path}.${process.pid}`;
    execFileSync(
      compiler,
      [
        ...flags.filter((flag) => !flag.startsWith('-l')),
        file,
        '-o',
        temporary,
        ...flags.filter((flag) => flag.startsWith('-l')),
      ],
      { stdio: 'pipe' },
    );
    renameSync(temporary, path);
  }
  const lines = source.split('\n');
  return {
    path,
    source: file,
    line: (marker) => {
      const index = lines.findIndex((line) => line.includes(marker));
      if (index < 0) throw new Error(`no line has the marker ${marker}`);
      return index + 1;
    },
  };
}

/** Ends what runs of a program that this test file, or what it started, has let go. */
export function endRunning(program: string): void {
  const ours = `HAWSER_TEST_FILE=${process.env.HAWSER_TEST_FILE}\0`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/exe`) !== program) continue;
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(ours)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

function compilerOf(name: string): string {
  if (name.endsWith('.c')) return 'gcc';
  return name.endsWith('.rs') ? 'rustc' : 'g++';
}

/** Whether a program can be run here; tests that need one that is missing are skipped, with the reason. */
export function available(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
