import type { ModuleInfo, SymbolSearch } from '../../backend/types.ts';
import type { CommandContext } from '../entry.ts';

/** Looks for a module's debug information and says what there is to say. Answers whether it has some now. */
export async function loadModule(
  context: CommandContext,
  module: ModuleInfo,
  fetches: boolean,
): Promise<boolean> {
  const { state, host } = context;
  if (module.symbols === 'dwarf') {
    if (state.noisySymbols)
      noisy(context, `${module.name} - private symbols: ${module.symbolFile ?? module.path}`);
    return true;
  }
  const abort = new AbortController();
  const transfers = new Set<string>();
  const work = context.target.loadSymbols(
    module,
    fetches
      ? {
          signal: abort.signal,
          progress: () => {},
          from: (place) => {
            if (transfers.has(place)) return;
            transfers.add(place);
            host.output('verbose', `Fetching symbols of ${module.name} from ${place}\n`);
          },
        }
      : null,
  );
  const search = await state.cancel.during(work, () => abort.abort());
  if (state.noisySymbols)
    for (const { place, outcome } of search.tried) noisy(context, `${place} - ${outcome}`);
  if (search.file === null) {
    if (state.noisySymbols)
      noisy(context, `${module.name} - ${module.symbols === 'exports' ? 'export' : 'no'} symbols`);
    return false;
  }
  if (state.noisySymbols) noisy(context, `${module.name} - private symbols: ${search.file}`);
  return true;
}

const noisy = ({ host }: CommandContext, text: string): void => host.output('verbose', `DBGHELP: ${text}\n`);

/** What `lmv` and `ld` say of a module without debug information: where it was looked for. */
export function lookedFor(module: ModuleInfo, { tried }: SymbolSearch): string[] {
  const build = module.buildId === null ? 'it has no build id' : `build id ${module.buildId}`;
  if (tried.length === 0)
    return [
      `    No debug information, and no place to look for it: ${build}; .sympath names folders and servers`,
    ];
  return [
    `    No debug information (${build}); it was looked for in:`,
    ...tried.map(({ place, outcome }) => `        ${place} - ${outcome}`),
  ];
}
