import type { ProcessEntry } from '../../machine/machine.ts';

/** Lines of `.tlist`: ` 0n6700 loop`; `verbose`: with user and command line below. */
export function processLines(processes: readonly ProcessEntry[], verbose: boolean): string[] {
  return processes.flatMap((entry) => {
    const line = ` 0n${entry.pid} ${entry.name}`;
    return verbose ? [line, `       ${details(entry)}`] : [line];
  });
}

function details({ user, architecture, commandLine, obstacle }: ProcessEntry): string {
  const parts = [`User: ${user}`];
  if (architecture !== '') parts.push(`Machine: ${architecture}`);
  if (commandLine !== '') parts.push(`Command line: ${commandLine}`);
  if (obstacle !== null) parts.push(`(cannot be attached to: ${obstacle})`);
  return parts.join('  ');
}
