import type { TypeInfo, TypeName } from '../../backend/types.ts';
import { address, hexDigits } from '../../format/address.ts';
import type { CommandContext } from '../entry.ts';
import type { DtOptions } from './request.ts';

const LIMIT = 1000;

/** Types and symbols whose names match: `dt loop!no*`. */
export async function listMatches(
  context: CommandContext,
  module: string | null,
  pattern: string,
  options: DtOptions,
  showType: (type: TypeName) => Promise<void>,
): Promise<void> {
  const { target, pointerSize } = context.state;
  const inModule = module ?? '*';
  const { size: wanted, verbose } = options;
  if (verbose) {
    const sized = wanted === null ? '' : `, Size = 0x${wanted.toString(16)}`;
    context.print(`Enumerating symbols matching ${inModule}!${pattern}${sized}`);
    context.print(`${'Address'.padEnd(pointerSize === 8 ? 17 : 8)}  Size Symbol`);
  }
  const blank = ' '.repeat(verbose ? (pointerSize === 8 ? 17 : 8) + 2 : 10);
  for (const type of await target.findTypes(inModule, pattern, LIMIT)) {
    context.state.cancel.check();
    const size = verbose || wanted !== null ? await sizeOf(context, type) : 0;
    if (wanted !== null && BigInt(size) !== wanted) continue;
    context.print(
      `${blank}${verbose ? `${hexDigits(size, 3).padStart(4)} ` : ''}${type.module}!${type.name}`,
    );
    if (options.whole) await showType(type);
  }
  if (options.typesOnly || wanted !== null) return;
  for (const symbol of await target.findSymbols(inModule, pattern, LIMIT)) {
    const size = verbose ? `${hexDigits(symbol.size, 3).padStart(4)} ` : '';
    context.print(`${address(symbol.address, pointerSize)}  ${size}${symbol.module}!${symbol.name}`);
  }
}

async function sizeOf({ target }: CommandContext, { module, name }: TypeName): Promise<number> {
  const type: TypeInfo | null = await target.findType(module, name);
  return type?.size ?? 0;
}
