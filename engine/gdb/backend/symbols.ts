import type { SymbolFetch } from '../../backend/backend.ts';
import type {
  CodeRange,
  Context,
  ModuleInfo,
  SourceLine,
  SymbolHit,
  SymbolInfo,
  SymbolSearch,
} from '../../backend/types.ts';
import type { GdbCore } from '../core.ts';
import { quote, stubWord } from '../mi/quote.ts';
import { asTuple, list, text } from '../mi/values.ts';
import { fromHex } from '../parts.ts';
import { readSource } from '../source-file.ts';
import { SymbolLoader } from '../symbols/load.ts';
import { filesOf, findSymbols, streamSymbols, symbolExpression } from '../symbols/queries.ts';
import { MemoryQueries } from './memory.ts';

/** Modules, symbols and source lines. */
export class SymbolQueries extends MemoryQueries {
  protected readonly loader: SymbolLoader;

  constructor(core: GdbCore) {
    super(core);
    this.loader = new SymbolLoader(core, core.modules, core.environment);
  }

  async modules(): Promise<readonly ModuleInfo[]> {
    if (this.core.kind === 'none') return [];
    return (await this.core.modules.list()).map((module) => module.info);
  }

  async symbolize(addresses: readonly bigint[]): Promise<readonly (SymbolHit | null)[]> {
    this.needTarget();
    const hits: (SymbolHit | null)[] = [];
    for (const address of addresses) hits.push(await this.core.modules.symbolize(address));
    return hits;
  }

  async symbolAfter(address: bigint): Promise<SymbolHit | null> {
    this.needTarget();
    return this.core.modules.symbolAfter(address);
  }

  async functionRanges(address: bigint): Promise<readonly CodeRange[]> {
    this.needTarget();
    const parameters = { address: address.toString(16) };
    const rows = await this.core.helper.call<[string, string][]>('function_ranges', parameters);
    return rows.map(([start, end]) => ({ start: fromHex(start), end: fromHex(end) }));
  }

  async lines(addresses: readonly bigint[]): Promise<readonly (SourceLine | null)[]> {
    this.needTarget();
    if (!this.hasLines) return addresses.map(() => null);
    const parameters = { addresses: addresses.map((address) => address.toString(16)) };
    const rows = await this.core.helper.call<([string, number, string] | null)[]>('lines', parameters);
    return rows.map((row) => (row ? { file: row[0], line: row[1], start: fromHex(row[2]) } : null));
  }

  async sourceText(file: string, line: number): Promise<string | null> {
    this.needTarget();
    return this.core.helper.call<string | null>('source_text', { file, line });
  }

  async sourceFile(file: string): Promise<string | null> {
    return readSource(file);
  }

  async sourceNames(part: string, limit: number): Promise<readonly string[]> {
    this.needTarget();
    // GDB takes basic regular expressions, in which a backslash before a parenthesis would make it one that counts.
    const pattern = part.replace(/[.*^$[\]\\]/g, '\\$&');
    const { values } = await this.core.send(`-file-list-exec-source-files -- ${quote(pattern)}`);
    const names = list(values, 'files').map((row) => text(asTuple(row), 'fullname'));
    return [...new Set(names)]
      .filter((name) => name.includes(part) && name !== '')
      .sort()
      .slice(0, limit);
  }

  async sourceLines(file: string, first: number, count: number): Promise<readonly string[] | null> {
    this.needTarget();
    return this.core.helper.call<string[] | null>('source_lines', { file, first, count });
  }

  async setSourceMaps(maps: readonly (readonly [string, string])[]): Promise<void> {
    await this.core.console('unset substitute-path');
    for (const [from, to] of maps)
      await this.core.console(`set substitute-path ${stubWord(from)} ${stubWord(to)}`);
  }

  async addressesOfLine(file: string, line: number): Promise<readonly bigint[]> {
    this.needTarget();
    return (await this.core.helper.call<string[]>('addresses_of_line', { file, line })).map(fromHex);
  }

  async resolveSymbol(module: string | null, name: string, context: Context | null): Promise<bigint | null> {
    this.needTarget();
    if (module === null && context !== null) {
      const parameters = { ...this.contextOf(context), name };
      const local = await this.core.helper.call<string | null>('local_address', parameters);
      if (local !== null) return fromHex(local);
    }
    return this.core.modules.addressOf(module, name);
  }

  async symbolExpression(module: string, name: string, context: Context): Promise<string | null> {
    this.needTarget();
    return symbolExpression(this.core, this.core.modules, module, name, this.contextOf(context));
  }

  async typePointer(
    module: string | null,
    name: string,
    stars: number,
    context: Context,
  ): Promise<string | null> {
    this.needTarget();
    const files = await filesOf(this.core.modules, module);
    if (files === null) return null;
    const parameters = { name, stars, files, ...this.contextOf(context) };
    return this.core.helper.call<string | null>('qualified_type', parameters);
  }

  async findSymbols(
    modulePattern: string,
    namePattern: string,
    limit: number,
  ): Promise<readonly SymbolInfo[]> {
    this.needTarget();
    return findSymbols(this.core, this.core.modules, modulePattern, namePattern, limit);
  }

  async *symbols(
    modulePattern: string,
    namePattern: string,
    bare = false,
  ): AsyncGenerator<readonly SymbolInfo[]> {
    this.needTarget();
    yield* streamSymbols(this.core, this.core.modules, modulePattern, namePattern, bare);
  }

  async loadSymbols(module: ModuleInfo, fetch: SymbolFetch | null): Promise<SymbolSearch> {
    this.needTarget();
    return this.loader.load(module, fetch);
  }

  setLineInformation(on: boolean): void {
    this.hasLines = on;
  }

  async demangle(names: readonly string[]): Promise<readonly string[]> {
    const plain = names.filter((name) => /^_[\w.$]+$/.test(name));
    const found =
      plain.length === 0 ? [] : await this.core.helper.call<string[]>('demangle', { names: plain });
    const by = new Map(plain.map((name, index) => [name, found[index] ?? name]));
    return names.map((name) => by.get(name) ?? name);
  }

  async syscallNames(numbers: readonly number[]): Promise<readonly (string | null)[]> {
    this.needTarget();
    return this.core.helper.call<(string | null)[]>('syscall_names', { numbers });
  }
}
