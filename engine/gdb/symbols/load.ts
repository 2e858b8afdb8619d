import type { ModuleInfo, SymbolSearch } from '../../backend/types.ts';
import { searchDebug } from '../../images/debug-search.ts';
import { createImageStore } from '../../images/image-store.ts';
import type { FetchOptions, ImageStore } from '../../images/store.ts';
import { environmentServers, parseSymbolPath } from '../../images/symbol-path.ts';
import type { Engine } from '../parts.ts';
import type { Modules } from './modules.ts';

/** Looks for the separate debug information of modules and gives it to GDB, which looks only when it meets a module. */
export class SymbolLoader {
  readonly #engine: Engine;
  readonly #modules: Modules;
  readonly #env: NodeJS.ProcessEnv;
  #path: readonly string[] = [];
  #store: ImageStore | null = null;

  constructor(engine: Engine, modules: Modules, env: NodeJS.ProcessEnv) {
    this.#engine = engine;
    this.#modules = modules;
    this.#env = env;
  }

  setPath(path: readonly string[]): void {
    this.#path = path;
    if (this.#store) this.#store.symbolPath = path;
  }

  /** @param fetch null: servers are not asked */
  async load(info: ModuleInfo, fetch: FetchOptions | null): Promise<SymbolSearch> {
    if (info.symbols === 'dwarf') return { file: info.symbolFile, tried: [] };
    const module = (await this.#modules.list()).find((each) => each.info.start === info.start);
    const file = module?.files[0];
    if (file === undefined) return { file: null, tried: [] };
    const { folders, servers } = parseSymbolPath(this.#path);
    const local = await searchDebug(file, info.buildId, folders);
    let found = local.file;
    const tried = [...local.tried];
    const asked = [...servers, ...environmentServers(this.#env)].map(({ url }) => url);
    if (found === null && fetch !== null && info.buildId !== null && asked.length > 0) {
      const { file: fetched, outcome } = await this.#fetch(info.buildId, fetch);
      found = fetched;
      tried.push(...asked.map((place) => ({ place: `${place}buildid/${info.buildId}/debuginfo`, outcome })));
    }
    if (found === null) return { file: null, tried };
    const taken = await this.#engine.helper.call<boolean>('add_debug', { file, debug: found });
    this.#modules.clear();
    return { file: taken ? found : null, tried };
  }

  async #fetch(buildId: string, options: FetchOptions): Promise<{ file: string | null; outcome: string }> {
    this.#store ??= createImageStore({ symbolPath: this.#path, env: this.#env });
    try {
      const file = await this.#store.fetchDebug(buildId, options);
      return { file, outcome: file === null ? 'not known there' : 'found' };
    } catch (error) {
      if (options.signal.aborted) throw error;
      return { file: null, outcome: error instanceof Error ? error.message : 'could not be asked' };
    }
  }

  async dispose(): Promise<void> {
    await this.#store?.dispose();
  }
}
