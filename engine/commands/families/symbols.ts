import type { ModuleInfo } from '../../backend/types.ts';
import { joined, linked, type Marked } from '../../dml/marked.ts';
import { literalPattern, matchesWildcard } from '../../expressions/wildcard.ts';
import { address, offset } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { refreshModules } from '../kernel/find.ts';
import { lookedFor } from '../modules/load.ts';
import { fileName, moduleDetails, moduleHeader, moduleLine, unloadedLines } from '../modules/text.ts';
import { instructionPointer } from '../pseudo.ts';
import { displayType } from '../types/dt.ts';
import { examine, meaning } from '../types/examine.ts';

/** Symbols of one name in one module, of which one may be meant. */
const NAMESAKES = 64;

const AT_ONCE = 100;

/** `lm[D][o][l][v][u][k][e][c][1m][sm][{i|f|n|p|t}] [a Address] [m Pattern] [M Pattern]`. */
async function modules(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  await refreshModules(state);
  let chosen = [...(await state.modules())].sort((a, b) => (a.start < b.start ? -1 : 1));
  let unloaded = state.current.unloadedModules.all;
  const flags = new Set<string>();
  for (let match = nextFlag(args); match; match = nextFlag(args)) {
    const flag = match[0];
    flags.add(flag);
    if (flag === 'a') {
      const at = args.done ? await instructionPointer(state) : await context.evaluate(args);
      const holds = ({ start, end }: { readonly start: bigint; readonly end: bigint }) =>
        start <= at && at < end;
      chosen = chosen.filter(holds);
      unloaded = unloaded.filter(holds);
    } else if (flag === 'm' || flag === 'M') {
      const pattern = args.word() ?? args.fail(args.position);
      chosen = chosen.filter((module) => matchesWildcard(pattern, flag === 'm' ? module.name : module.path));
      unloaded = unloaded.filter(({ path }) =>
        matchesWildcard(pattern, flag === 'm' ? fileName(path) : path),
      );
    }
  }
  args.expectEnd();
  chosen = chosen.filter((module) => isWanted(module, flags));
  if (flags.has('sm')) chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.has('1m')) {
    const names = chosen.map(({ name }) => linked(name, name, `lmv m ${name}`));
    context.print(joined(names, '\n'));
    return undefined;
  }
  context.print(moduleHeader(state.pointerSize));
  const style = ['f', 'i', 'n', 'p', 't'].filter((letter) => flags.has(letter)).join('');
  if (flags.has('v')) await showDetails(context, chosen, style);
  else
    for (let first = 0; first < chosen.length; first += AT_ONCE) {
      state.cancel.check();
      const lines = chosen
        .slice(first, first + AT_ONCE)
        .map((module) => moduleLink(module, state.pointerSize, style));
      context.print(joined(lines, '\n'));
    }
  if (unloaded.length > 0 && !['l', 'o', 'e'].some((flag) => flags.has(flag)))
    context.print(unloadedLines(unloaded, state.pointerSize).join('\n'));
  return undefined;
}

async function showDetails(
  context: CommandContext,
  chosen: readonly ModuleInfo[],
  style: string,
): Promise<void> {
  const { state } = context;
  for (const module of chosen) {
    state.cancel.check();
    context.print(joined([moduleLink(module, state.pointerSize, style), ...moduleDetails(module)], '\n'));
    if (module.symbols === 'dwarf' || state.isKernel) continue;
    context.print(lookedFor(module, await context.target.loadSymbols(module, null)).join('\n'));
  }
}

/** The name is a link to the details. */
function moduleLink(module: ModuleInfo, pointerSize: 4 | 8, style: string): Marked {
  const range = pointerSize === 8 ? 35 : 17;
  return linked(moduleLine(module, pointerSize, style), module.name, `lmv m ${module.name}`, range);
}

/** l: with symbols read; e: with trouble about them; u, k: of programs, of kernels. */
function isWanted(module: ModuleInfo, flags: ReadonlySet<string>): boolean {
  const ofKernel = module.start >= 0x8000_0000_0000_0000n;
  if (flags.has('u') && !flags.has('k') && ofKernel) return false;
  if (flags.has('k') && !flags.has('u') && !ofKernel) return false;
  if (flags.has('l') && module.symbols === 'deferred') return false;
  return !flags.has('e') || module.symbols === 'none' || module.symbols === 'exports';
}

/** The next of the letters; they may stand together or apart. */
function nextFlag(args: Args): RegExpExecArray | null {
  return args.match(/1m|sm|[vDoulkecifnptmMa](?![\w!]*!)/y);
}

async function listNear(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  args.match(/\/D(?=\s|$)/y);
  const wanted = args.done ? await instructionPointer(state) : await context.evaluate(args);
  args.expectEnd();
  const [hit] = await state.target.symbolize([wanted]);
  if (!hit) return undefined;
  const [line] = await state.target.lines([wanted]);
  if (line) context.print(`${line.file}(${line.line})${offset(wanted - (line.start ?? wanted))}`);
  const after = await state.target.symbolAfter(wanted);
  const show = (at: bigint): Marked => {
    const where = address(at, state.pointerSize);
    return linked(`(${where})`, where, `u 0x${at.toString(16)}`);
  };
  const below = [show(hit.address), `   ${hit.module}!${hit.name}${offset(hit.offset)}`];
  const above = after ? ['   |  ', show(after.address), `   ${after.module}!${after.name}`] : [];
  context.print(joined([...below, ...above], ''));
  if (hit.offset !== 0n) return undefined;
  const named = await context.target.findSymbols(hit.module, literalPattern(hit.name), NAMESAKES);
  const exact = named.find((symbol) => symbol.address === wanted);
  context.print(
    `Exact matches:\n    ${hit.module}!${hit.name}${exact?.type ? meaning(exact, null) : ' = <no type information>'}`,
  );
  return undefined;
}

const common = { family: 'Symbols and types', needs: 'any' } as const;

export const symbolCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'dt',
    syntax: [
      'dt [-Options] [Module!]Name [[-n|-y] Field …] [Address] [-l Field]',
      'dt [-Options] Address [[Module!]Name [Field …]] [-l Field]',
      'dt [-d] [-t|-e] [-v] [-s Size] [Module!]Pattern*',
      'dt -h',
    ],
    summary: 'Shows a type, an object of a type, or a variable.',
    help:
      'Without an address the layout, with one the object there. A name that is no type is a variable; `.` is ' +
      'the last name, Name[N] an array. A name with blanks stands in parentheses. A field may be f.g, arr[3] ' +
      '(decimal), f. (the members of f) or f* (those that begin so). -n before a word: it is a name, even if ' +
      'it reads as a number; -y: the beginning of one. -a[N] shows each element of arrays (N of them), -b what ' +
      'is embedded, -r[N] also what pointers lead to, N levels deep; -c one line, -i no indentation, -o no ' +
      'offsets, -v sizes and counts. -l Field follows a list. A pattern lists what matches: -t and -e types ' +
      'only, -s those of a size, -d with their fields.',
    example: 'dt loop!node @rax value next',
    run: async (context, args) => {
      await displayType(context, args);
      return undefined;
    },
  },
  {
    ...common,
    name: 'x',
    syntax: [
      'x [/0|/1|/2] [/t] [/v] [/s Size] [/q] [/p] [/f|/d] [/D] [/a|/A|/n|/N|/z|/Z] Module!Pattern',
      'x *',
    ],
    summary: 'Lists symbols by pattern; `x *` the local variables.',
    help:
      'Functions are shown with the types of their parameters, data with its value. /0 addresses only, /1 ' +
      'names only, /2 both; /t types, /v kind and size; /s those of a size, /f functions only, /d data only; ' +
      '/q writes names as @!"…", /p leaves out the blank before parentheses; /n sorts by name, /a by address, /z by size, and ' +
      'capital letters the other way round. They come as they are found, module by module. Upper and lower case do not matter.',
    example: 'x loop!*work*',
    glue: /^\//,
    run: async (context, args) => {
      await examine(context, args);
      return undefined;
    },
  },
  {
    ...common,
    name: 'ln',
    syntax: ['ln [/D] [Address]'],
    summary: 'Shows the symbols around an address.',
    help: 'The nearest at or below it with the distance, and the next one above.',
    example: 'ln .',
    run: listNear,
  },
  {
    ...common,
    name: 'lm',
    syntax: ['lm[D][o][l][v][u][k][e][c][1m][sm][i|f|n|p|t] [a Address] [m Pattern] [M Pattern]'],
    summary: 'Lists modules.',
    help:
      'm takes those whose name matches, M those whose path does, a the one that holds the address; l those ' +
      'with symbols read, e those that have exports only or nothing, u those of programs, k of kernels. v adds details, and where debug ' +
      'information was looked for that is missing; 1m shows names only, sm sorts by name; f and i show paths in place of what is known ' +
      'of symbols, n and p names of files, t those with a time. D, o and c are taken. Letters may stand together: lmvm.',
    differences: 'ELF files have no checksum and no time stamp; their build id stands in their place.',
    example: 'lmvm loop',
    glue: /^(?:1m|sm|[vDoulkecifnptmMa])+(?:\s|$)/,
    run: modules,
  },
];
