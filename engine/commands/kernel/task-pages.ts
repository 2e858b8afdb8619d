import { engineErrors } from '../../errors.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { pageTablesOf, type Task } from '../../kernel/linux/tasks.ts';
import { walkX64 } from '../../kernel/paging/x64.ts';
import { readRegister } from '../registers/read.ts';
import type { DebuggerState } from '../state.ts';
import { physicalMemory, quadReader } from './physical.ts';

/**
 * From here on a task's memory is what addresses of programs mean. A kernel thread has none, and the processor's stays.
 * @throws HawserError `UNSUPPORTED` where its page tables or physical memory cannot be had
 */
export async function choosePages(state: DebuggerState, target: LinuxTarget, task: Task): Promise<void> {
  const system = state.current;
  system.choosePages(null, null);
  if (task.mm === 0n) {
    system.chosenTask = task.address;
    return;
  }
  const root = await pageTablesOf(target, task);
  if (root === null || !state.isX64)
    throw engineErrors.unsupported(
      '.process',
      state.isX64
        ? 'the task’s page tables were not found'
        : `page tables of ${state.target.architecture} are not known here`,
    );
  const read = quadReader(await physicalMemory(state));
  const fiveLevels = (((await readRegister(state, 'cr4')) ?? 0n) >> 12n) % 2n === 1n;
  const known = new Map<bigint, bigint | null>();
  const translate = async (page: bigint): Promise<bigint | null> => {
    if (known.has(page)) return known.get(page) ?? null;
    const { physical } = await walkX64(read, root, fiveLevels, page);
    known.set(page, physical);
    return physical;
  };
  system.choosePages({ task: task.address, root }, translate);
}
