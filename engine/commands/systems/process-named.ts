import type { Machine } from '../../machine/machine.ts';
import { stubErrors } from '../../stub/errors.ts';

/**
 * The one process of that name (`-pn`).
 * @throws HawserError `NO_SUCH_PROCESS`, `MANY_PROCESSES`
 */
export async function processNamed(machine: Machine, name: string): Promise<number> {
  const found = (await machine.processes()).filter((process) => process.name === name).map(({ pid }) => pid);
  const [pid] = found;
  if (pid === undefined) throw stubErrors.noSuchProcess(name);
  if (found.length > 1) throw stubErrors.manyProcesses(name, found);
  return pid;
}
