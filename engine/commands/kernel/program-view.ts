import type { Backend } from '../../backend/backend.ts';
import { isKernelAddress } from '../../kernel/paging/pages.ts';

/**
 * A kernel whose lower half is a task's program: addresses there are asked of the program's own debugger, which has its files, its
 * types and its memory; names and expressions of the program, and then of the kernel.
 */
export function withProgram(kernel: Backend, program: Backend): Backend {
  const isProgram = (address: bigint): boolean => !isKernelAddress(address);
  const at = (address: bigint): Backend => (isProgram(address) ? program : kernel);
  /** Each of its own, in the order in which they were asked for. */
  const apart = async <T>(
    addresses: readonly bigint[],
    ask: (backend: Backend, own: readonly bigint[]) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    const [low, high] = [addresses.filter(isProgram), addresses.filter(isKernelAddress)];
    const lows = low.length === 0 ? [] : [...(await ask(program, low))];
    const highs = high.length === 0 ? [] : [...(await ask(kernel, high))];
    return addresses.map((address) => (isProgram(address) ? lows.shift() : highs.shift()) as T);
  };
  const own: Partial<Backend> = {
    symbolize: (addresses) => apart(addresses, (backend, some) => backend.symbolize(some)),
    lines: (addresses) => apart(addresses, (backend, some) => backend.lines(some)),
    symbolAfter: (address) => at(address).symbolAfter(address),
    disassemble: (address, count) => at(address).disassemble(address, count),
    disassembleBefore: (address, count) => at(address).disassembleBefore(address, count),
    modules: async () => [...(await kernel.modules()), ...(await program.modules())],
    findSymbols: async (modules, names, limit) => {
      const found = await kernel.findSymbols(modules, names, limit);
      const rest = limit - found.length;
      return rest > 0 ? [...found, ...(await program.findSymbols(modules, names, rest))] : found;
    },
    findTypes: async function* (modules, names) {
      yield* kernel.findTypes(modules, names);
      yield* program.findTypes(modules, names);
    },
    layout: async (type, depth, module) => {
      const isOfProgram = (await program.findType(module ?? null, type)) !== null;
      return (isOfProgram ? program : kernel).layout(type, depth, module);
    },
    variablesAt: (address) => at(address).variablesAt(address),
    resolveSymbol: async (module, name, context) =>
      (await program.resolveSymbol(module, name, null)) ?? kernel.resolveSymbol(module, name, context),
    findType: async (module, name) => (await program.findType(module, name)) ?? kernel.findType(module, name),
    readValue: (type, address, depth, module) => at(address).readValue(type, address, depth, module),
    addressesOfLine: async (file, line) => {
      const found = await program.addressesOfLine(file, line);
      return found.length > 0 ? found : kernel.addressesOfLine(file, line);
    },
    sourceText: async (file, line) => (await program.sourceText(file, line)) ?? kernel.sourceText(file, line),
    evaluate: async (expression, context, depth) => {
      try {
        return await program.evaluate(expression, { thread: 0, frame: 0 }, depth);
      } catch {
        // It is the kernel's, or wrong: then that is told as the kernel's debugger sees it.
        return kernel.evaluate(expression, context, depth);
      }
    },
  };
  return new Proxy(kernel, {
    get: (whole, key) => {
      const mine: unknown = Reflect.get(own, key);
      if (mine !== undefined) return mine;
      const value: unknown = Reflect.get(whole, key, whole);
      return typeof value === 'function' ? value.bind(whole) : value;
    },
  });
}
