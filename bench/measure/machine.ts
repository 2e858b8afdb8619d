import { execFileSync } from 'node:child_process';
import { arch, cpus, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly gdb: string;
  readonly electron: string;
}

function firstLine(command: string, args: readonly string[]): string {
  try {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: undefined };
    return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', env }).split('\n')[0]?.trim() ?? '';
  } catch {
    return 'none';
  }
}

export function machine(electron: string): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: `${all[0]?.model.trim() ?? 'unknown'} (${arch()})`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    gdb: firstLine('gdb', ['--version']).replace(/^GNU gdb /, ''),
    electron: electron ? firstLine(electron, ['--no-sandbox', '--version']).replace(/^v/, '') : 'none',
  };
}

export const machineLine = (m: Machine): string =>
  `${m.cores} cores, ${m.cpu}, ${m.memoryGiB} GiB, Linux ${m.kernel}; Node ${m.node}, GDB ${m.gdb}, Electron ${m.electron}`;
