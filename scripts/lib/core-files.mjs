import { execFileSync } from 'node:child_process';

/**
 * What crashes in tests, and a page of Electron's with many gigabytes among it, writes no core file into the checkout:
 * nothing that this process starts does, but for what raises the limit itself.
 */
export function withoutCoreFiles() {
  try {
    execFileSync('prlimit', ['--pid', String(process.pid), '--core=0:'], { stdio: 'ignore' });
  } catch {
    // Not on this system.
  }
}
