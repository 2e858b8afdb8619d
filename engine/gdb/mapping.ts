import { engineErrors } from '../errors.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Modules } from './symbols/modules.ts';

const PROT_ALL = 7n;
const MAP_PRIVATE_ANONYMOUS = 0x22n;
const MAP_FIXED = 0x10n;
const MAP_FIXED_NOREPLACE = 0x10_0000n;
const NO_FILE = 0xffff_ffff_ffff_ffffn;
/** Results from here on are errors of the C library's: -1, or the kernel's own negative numbers. */
const FAILED = 0xffff_ffff_ffff_f001n;

/** The C library's names of it, and those within the loader and in static programs. */
const names = (name: string): readonly string[] => [name, `${name}64`, `__${name}`, `__${name}64`];

async function call(
  engine: Engine,
  modules: Modules,
  name: string,
  args: readonly bigint[],
): Promise<bigint> {
  for (const each of names(name)) {
    const address = await modules.addressOf(null, each);
    if (address === null) continue;
    const parameters = {
      thread: null,
      address: address.toString(16),
      arguments: args.map((value) => BigInt.asUintN(64, value).toString(16)),
    };
    return fromHex(await engine.helper.call<string>('call_function', parameters));
  }
  throw engineErrors.unsupported(
    `What needs the target's ${name}`,
    'none of its modules has a symbol of that name',
    'Let it run until its libraries are loaded (g main).',
  );
}

async function errnoOf(engine: Engine, modules: Modules, result: bigint): Promise<number> {
  if (result !== NO_FILE) return Number(-BigInt.asIntN(64, result));
  const address = await modules.addressOf(null, '__errno_location');
  if (address === null) return 0;
  const where = await engine.helper.call<string>('call_function', {
    thread: null,
    address: address.toString(16),
    arguments: [],
  });
  const number = await engine.helper.call<string>('read_number', { address: where });
  return Number(fromHex(number));
}

export async function mapMemory(
  engine: Engine,
  modules: Modules,
  base: bigint,
  size: bigint,
  exact: boolean,
): Promise<bigint> {
  const flags = MAP_PRIVATE_ANONYMOUS | (exact ? MAP_FIXED_NOREPLACE : 0n);
  const start = await call(engine, modules, 'mmap', [base, size, PROT_ALL, flags, NO_FILE, 0n]);
  if (start >= FAILED)
    throw engineErrors.memoryMapping('Nothing was mapped', await errnoOf(engine, modules, start));
  return start;
}

export async function unmapMemory(
  engine: Engine,
  modules: Modules,
  base: bigint,
  size: bigint,
  keeps: boolean,
): Promise<void> {
  const result = keeps
    ? await call(engine, modules, 'mmap', [base, size, 0n, MAP_PRIVATE_ANONYMOUS | MAP_FIXED, NO_FILE, 0n])
    : await call(engine, modules, 'munmap', [base, size]);
  if (result >= FAILED)
    throw engineErrors.memoryMapping('Nothing was unmapped', await errnoOf(engine, modules, result));
}
