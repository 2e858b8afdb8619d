import { engineErrors } from '../../errors.ts';
import { flagsArm64, frameOfArm64, halfOf, walkArm64 } from '../../kernel/paging/arm64.ts';
import type { PageEntry, Walk } from '../../kernel/paging/walk.ts';
import { flagsX64, frameOf, walkX64 } from '../../kernel/paging/x64.ts';
import type { CommandContext } from '../entry.ts';
import { readRegister } from '../registers/read.ts';
import { physicalMemory, quadReader } from './physical.ts';

/** What a walk found, and how its entries are to be read. */
export interface TableWalk {
  readonly walk: Walk;
  flags(entry: PageEntry): string;
  /** Frame number of what an entry leads to. */
  frame(value: bigint): bigint;
}

/**
 * Walks the page tables of the target's machine to an address.
 * @param root where they begin, a physical address; null: as the current processor has it, or the task that .process chose
 * @throws HawserError `UNSUPPORTED` with the reason
 */
export async function walkPageTables(
  context: CommandContext,
  address: bigint,
  root: bigint | null,
): Promise<TableWalk> {
  const { state } = context;
  if (state.isX64) return walkOfX64(context, address, root);
  if (state.isArm64) return walkOfArm64(context, address, root);
  throw engineErrors.unsupported(
    context.name,
    `page tables of ${state.target.architecture} are not known here`,
  );
}

const NO_ROOT = 'Choose a task with .process, or give the root: !vtop ROOT ADDRESS.';

async function walkOfX64(
  { state, name }: CommandContext,
  address: bigint,
  root: bigint | null,
): Promise<TableWalk> {
  const cr3 = root ?? state.current.pageTable ?? (await readRegister(state, 'cr3'));
  if (cr3 === null)
    throw engineErrors.unsupported(name, 'this stub does not tell cr3, where the page tables begin', NO_ROOT);
  const cr4 = (await readRegister(state, 'cr4')) ?? 0n;
  const read = quadReader(await physicalMemory(state));
  const walk = await walkX64(read, cr3, ((cr4 >> 12n) & 1n) === 1n, address);
  return { walk, flags: flagsX64, frame: frameOf };
}

/** What Linux sets up for 48 bits and pages of 4 KB, where the stub does not tell. */
export const USUAL_TCR = (2n << 30n) | (16n << 16n) | 16n;

async function walkOfArm64(
  { state, name }: CommandContext,
  address: bigint,
  root: bigint | null,
): Promise<TableWalk> {
  const [ttbr0, ttbr1, tcr, mair] = await Promise.all(
    ['ttbr0_el1', 'ttbr1_el1', 'tcr_el1', 'mair_el1'].map((register) => readRegister(state, register)),
  );
  const low = state.current.pageTable ?? ttbr0 ?? null;
  const tables = { ttbr0: low ?? 0n, ttbr1: ttbr1 ?? 0n, tcr: tcr ?? USUAL_TCR };
  const half = halfOf(tables, address);
  if (root === null && (half.name === 'TTBR0' ? low : (ttbr1 ?? null)) === null)
    throw engineErrors.unsupported(
      name,
      `this stub does not tell ${half.name}_EL1, where the page tables begin`,
      NO_ROOT,
    );
  if (half.otherGranule !== null || half.bits > 48)
    throw engineErrors.unsupported(
      name,
      half.otherGranule === null
        ? `this kernel has addresses of ${half.bits} bits; up to 48 are known here`
        : `this kernel has pages of ${half.otherGranule} KB; those of 4 KB are known here`,
    );
  const read = quadReader(await physicalMemory(state));
  const walk = await walkArm64(read, root === null ? half : { ...half, root }, address);
  return { walk, flags: (entry) => flagsArm64(entry, mair ?? null, half.name), frame: frameOfArm64 };
}
