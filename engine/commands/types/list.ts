import type { TypeName } from '../../backend/types.ts';
import { address, hexDigits } from '../../format/address.ts';
import type { CommandContext } from '../entry.ts';
import type { DtOptions } from './request.ts';

const LIMIT = 10_000;

/** Types and symbols whose names match: `dt loop!no*`. `detailed`: and the first of the types whole, behind the list. */
export async function listMatches(
  context: CommandContext,
  module: string | null,
  pattern: string,
  options: DtOptions,
  detailed: boolean,
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
  let first: TypeName | null = null;
  for await (const types of target.findTypes(inModule, pattern)) {
    context.state.cancel.check();
    const chosen = types.filter(({ size }) => wanted === null || BigInt(size) === wanted);
    const lines = chosen.map(
      ({ module: where, name, size }) =>
        `${blank}${verbose ? `${hexDigits(size, 3).padStart(4)} ` : ''}${where}!${name}`,
    );
    if (!options.whole && lines.length > 0) context.print(lines.join('\n'));
    for (const [index, type] of (options.whole ? chosen : []).entries()) {
      context.print(lines[index] ?? '');
      await showType(type);
    }
    first ??= chosen[0] ?? null;
  }
  if (!options.typesOnly && wanted === null) await listSymbols(context, inModule, pattern, verbose);
  if (detailed && first) await showType(first);
}

async function listSymbols(
  context: CommandContext,
  module: string,
  pattern: string,
  verbose: boolean,
): Promise<void> {
  const { state, host } = context;
  const found = await state.target.findSymbols(module, pattern, LIMIT);
  const lines = found.map((symbol) => {
    const size = verbose ? `${hexDigits(symbol.size, 3).padStart(4)} ` : '';
    return `${address(symbol.address, state.pointerSize)}  ${size}${symbol.module}!${symbol.name}`;
  });
  if (lines.length > 0) context.print(lines.join('\n'));
  if (found.length === LIMIT)
    host.output('warning', `Only the first ${LIMIT} variables and functions are shown; x shows all.\n`);
}
