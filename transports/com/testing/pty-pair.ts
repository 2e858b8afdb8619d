import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PtyPair {
  /** Paths of the two ends, as ports. */
  readonly ends: readonly [string, string];
  close(): void;
}

/** Two pseudo-terminals joined like the ends of a cable, by socat: a cable without a rate. */
export async function ptyPair(folder = mkdtempSync(join(tmpdir(), 'hawser-pty-'))): Promise<PtyPair> {
  const ends = [join(folder, 'a'), join(folder, 'b')] as const;
  const cable: ChildProcess = spawn('socat', ['-b65536', ...ends.map((link) => `pty,rawer,link=${link}`)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const failed = new Promise<never>((_, reject) => {
    cable.once('error', () => reject(new Error('socat is missing: scripts/setup installs it')));
    cable.once('exit', (code) => reject(new Error(`socat ended with ${code}`)));
  });
  failed.catch(() => {});
  while (!ends.every((end) => existsSync(end)))
    await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 5))]);
  return {
    ends,
    close() {
      cable.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
