import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile } from '../../gdb/testing/programs.ts';

/** Why there can be no files that one process alone sees; null: there can. */
export function noHiddenFiles(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'file systems that one process alone sees need root on Linux';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `unshare does not work here: ${(error as Error).message.split('\n')[0]}`;
  }
}

export interface HiddenProgram {
  readonly pid: number;
  /** As the process sees them; nobody else does. */
  readonly program: string;
  readonly library: string;
  end(): void;
}

export interface HiddenOptions {
  /** Source of the library, which has to have `int hidden_wait(int)`. */
  readonly library?: string;
  /** Kilobytes of filling in the library. */
  readonly kilobytes?: number;
  readonly buildId?: boolean;
  /** The target has it without debug information. */
  readonly stripped?: boolean;
}

/** What sleeps in a library's function, called from `main`. */
const LIBRARY = `#include <unistd.h>
int hidden_wait(int n) { for (;;) { n++; usleep(1000); } return n; }
`;

const PROGRAM = `#include <unistd.h>
int hidden_wait(int);
int main(void) { return write(1, "ready", 5) + hidden_wait(3); }
`;

/** What {@link startHidden} starts, compiled once: `bin/waiter`, and `lib/libhidden.so` that it looks for in `$ORIGIN/../lib`. */
export function buildHidden({ library = LIBRARY, kilobytes = 0, buildId = true }: HiddenOptions) {
  const filling = kilobytes > 0 ? `\nconst char filling[${kilobytes * 1024}] = {1};\n` : '';
  const flags = ['-g', '-O0', ...(buildId ? [] : ['-Wl,--build-id=none'])];
  const made = compile('libhidden.so.c', library + filling, [...flags, '-shared', '-fPIC']).path;
  const link = [`-L${dirname(made)}`, '-Wl,-rpath,$ORIGIN/../lib', '-lhidden'];
  return { library: made, program: compile('waiter.c', PROGRAM, [...flags, ...link]).path };
}

/** Starts a program that lies, with its library, in a file system of its own mount namespace. */
export async function startHidden(options: HiddenOptions = {}): Promise<HiddenProgram> {
  const built = buildHidden(options);
  const strip = options.stripped ? 'strip --strip-debug' : 'true';
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hawser-hidden-')));
  const [program, library] = [join(folder, 'bin/waiter'), join(folder, 'lib/libhidden.so')];
  const script = `mount -t tmpfs none ${folder} && mkdir ${folder}/bin ${folder}/lib &&
    cp -p ${built.program} ${program} && cp -p ${built.library} ${library} && ${strip} ${library} && exec ${program}`;
  const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await ready(child);
  return {
    // unshare and the shell were replaced by the program.
    pid: child.pid ?? 0,
    program,
    library,
    end: () => {
      // Not waited for: one that is still debugged is its debugger's to bury.
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the program ended before it was ready')));
  });
}
