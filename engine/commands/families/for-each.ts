import type { ModuleInfo, SymbolInfo } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import type { LocalNames } from '../aliases/table.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { mayHoldCommands } from '../flow/frame.ts';
import { registerNames } from '../registers/names.ts';
import { readRegister } from '../registers/read.ts';

/** Commands once for each, with names that stand for its parts. What could be more than a name is left out: it is the target's. */
async function runEach(
  context: CommandContext,
  commands: string,
  all: AsyncIterable<LocalNames> | Iterable<LocalNames>,
): Promise<Control> {
  let leave = false;
  for await (const names of all) {
    context.state.cancel.check();
    const safe = [...names].map(([name, value]) => [name, mayHoldCommands(value) ? '' : value] as const);
    leave = (await context.run(commands, new Map(safe))).leave === true || leave;
  }
  return { leave };
}

const DEFAULT_LINE = '.echo @#ModuleIndex : @#Base @#End @#ModuleName @#ImageName @#LoadedImageName';

async function forEachModule(context: CommandContext, args: Args): Promise<Control> {
  const commands = args.quoted() ?? args.rest();
  const modules = await context.state.modules();
  return runEach(context, commands || DEFAULT_LINE, modules.map(moduleNames(context.state.pointerSize)));
}

const moduleNames =
  (pointerSize: 4 | 8) =>
  (module: ModuleInfo, index: number): LocalNames => {
    const { name, path, start, end, symbolFile, symbols } = module;
    const texts: Readonly<Record<string, string>> = {
      ModuleIndex: index.toString(16).padStart(2, '0'),
      ModuleName: name,
      ImageName: path,
      LoadedImageName: path,
      MappedImageName: path,
      SymbolFileName: symbolFile ?? '',
      Base: address(start, pointerSize),
      End: address(end, pointerSize),
      Size: (end - start).toString(16),
      TimeDateStamp: '0',
      Checksum: '0',
      Flags: '0',
      SymbolType: symbols,
    };
    return new Map(
      Object.entries(texts).flatMap(([key, value]) => [
        [`@#${key}`, value] as const,
        ...(/Name$/.test(key) ? [[`@#${key}Size`, value.length.toString(16)] as const] : []),
      ]),
    );
  };

async function forEachRegister(context: CommandContext, args: Args): Promise<Control> {
  const commands = commandsBehind(args);
  const rows: LocalNames[] = [];
  for (const name of await registerNames(context.state)) {
    const value = await readRegister(context.state, name);
    if (value === null || value > 0xffff_ffff_ffff_ffffn) continue;
    rows.push(
      new Map([
        ['@#RegisterName', name],
        ['@#RegisterValue', `0x${value.toString(16)}`],
      ]),
    );
  }
  return runEach(context, commands, rows);
}

/** `-c:Commands`, to the end of the line. */
function commandsBehind(args: Args): string {
  if (!args.match(/-c:/y)) args.fail();
  return args.quoted() ?? args.rest();
}

async function forEachFunction(context: CommandContext, args: Args): Promise<Control> {
  const module = args.match(/-m:(\S+)/y)?.[1] ?? args.fail();
  const pattern = args.match(/-p:(\S+)/y)?.[1] ?? '*';
  const commands = commandsBehind(args);
  return runEach(context, commands, functionNames(context, module, pattern));
}

async function* functionNames(
  { target, state }: CommandContext,
  module: string,
  pattern: string,
): AsyncGenerator<LocalNames> {
  const named = (symbol: SymbolInfo): LocalNames =>
    new Map([
      ['@#SymbolName', `${symbol.module}!${symbol.name}`],
      ['@#SymbolAddress', address(symbol.address, state.pointerSize)],
      ['@#ModName', symbol.module],
      ['@#FunctionName', symbol.name],
    ]);
  for await (const batch of target.symbols(module, pattern, true))
    for (const symbol of batch) if (symbol.kind === 'function') yield named(symbol);
}

const common = { family: 'Control flow', needs: 'any', secure: 'allowed' } as const;

export const forEachCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '!for_each_module',
    syntax: ['!for_each_module ["Commands"]'],
    summary: 'Runs commands once for each module.',
    help: '`@#ModuleName`, `@#ModuleIndex`, `@#ImageName`, `@#LoadedImageName`, `@#SymbolFileName`, `@#Base`, `@#End`, `@#Size`, `@#SymbolType` stand for what it has, between blanks or in `${}`. Without commands it lists them.',
    example: '!for_each_module .echo @#ModuleName @#Base',
    run: forEachModule,
  },
  {
    ...common,
    name: '!for_each_register',
    syntax: ['!for_each_register -c:Commands'],
    summary: 'Runs commands once for each register.',
    help: '`@#RegisterName` and `@#RegisterValue` stand for it.',
    example: '!for_each_register -c:.echo @#RegisterName @#RegisterValue',
    run: forEachRegister,
  },
  {
    ...common,
    name: '!for_each_function',
    syntax: ['!for_each_function -m:Module [-p:Pattern] -c:Commands'],
    summary: 'Runs commands once for each function of a module.',
    help: '`@#FunctionName`, `@#SymbolName` (with the module), `@#SymbolAddress` and `@#ModName` stand for it.',
    example: '!for_each_function -m:loop -p:w* -c:.echo @#FunctionName',
    run: forEachFunction,
  },
];
