import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { loadModule, lookedFor } from '../modules/load.ts';
import { setPath } from './paths.ts';

/** `.reload` for programs: `.reload [/f] [/i] [/v] … [Module]`. */
export async function reloadProgram(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const flags = new Set<string>();
  const option = /\/(user|unl|[dfilnosuvw])(?=\s|$)/iy;
  for (let match = args.match(option); match; match = args.match(option))
    flags.add((match[1] ?? '').toLowerCase());
  const at = args.next;
  if (args.text[at] === '/') args.fail(at);
  const pattern = args.word()?.replace(/=.*$/, '') ?? null;
  args.expectEnd();
  if (flags.has('l')) {
    await context.run(pattern === null ? 'lm' : `lm m ${pattern}`);
    return;
  }
  if (flags.has('u') || flags.has('unl'))
    throw engineErrors.unsupported(
      '.reload /u',
      'GDB keeps the symbols of a module for as long as it is mapped',
      '.reload reads the list of modules anew and looks for what is missing.',
    );
  state.forgetModules();
  await context.target.setSymbolPath(state.symbolPath);
  const forced = flags.has('f') || flags.has('i') || pattern !== null;
  const missing = await load(context, pattern, forced, at);
  if (forced && pattern !== null) for (const name of missing) tellMissing(context, name);
  context.host.modulesChanged();
}

/** The names of those that have none. */
async function load(
  context: CommandContext,
  pattern: string | null,
  fetches: boolean,
  at: number,
): Promise<readonly string[]> {
  const { state } = context;
  const all = await state.modules();
  const chosen = all.filter(
    ({ name, path }) =>
      pattern === null || matchesWildcard(pattern, name) || path.endsWith(`/${pattern}`) || path === pattern,
  );
  if (chosen.length === 0) throw engineErrors.badArgument(`There is no module '${pattern ?? ''}'`, at);
  const missing: string[] = [];
  for (const module of chosen) {
    state.cancel.check();
    if (!(await loadModule(context, module, fetches))) missing.push(module.path);
  }
  state.forgetModules();
  return missing;
}

function tellMissing({ host }: CommandContext, path: string): void {
  host.output(
    'error',
    `*** ERROR: Symbols could not be loaded for ${path.slice(path.lastIndexOf('/') + 1)}\n`,
  );
}

async function loadDebug(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const pattern = args.word() ?? args.fail(at);
  if (args.match(/\/f\s+/iy)) args.word();
  args.expectEnd();
  const missing = new Set(await load(context, pattern, true, at));
  for (const module of await context.state.modules()) {
    if (!missing.has(module.path)) continue;
    tellMissing(context, module.path);
    context.print(lookedFor(module, await context.target.loadSymbols(module, null)).join('\n'));
  }
  if (missing.size === 0) context.print(`Symbols loaded for ${pattern}`);
  context.host.modulesChanged();
}

/** Where symbols of distributions are served to anybody, by all that take part. */
const PUBLIC_SERVER = 'https://debuginfod.elfutils.org/';

async function symbolFix(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const folder = args.rest();
  const servers = (process.env.DEBUGINFOD_URLS ?? PUBLIC_SERVER)
    .split(/\s+/)
    .filter((word) => word.includes('://'));
  const parts = [
    ...(context.name.endsWith('+') ? state.symbolPath : []),
    ...(folder === '' ? [] : [`cache*${folder}`]),
    `DebugInfoD*${(servers.length > 0 ? servers : [PUBLIC_SERVER]).join('*')}`,
  ];
  await setPath(context, 'symbolPath', parts);
}

/** Of WinDbg's symbol options, by their bits. */
const OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'CASE_INSENSITIVE'],
  [0x2, 'UNDNAME'],
  [0x4, 'DEFERRED_LOADS'],
  [0x8, 'NO_CPP'],
  [0x10, 'LOAD_LINES'],
  [0x20, 'OMAP_FIND_NEAREST'],
  [0x40, 'LOAD_ANYTHING'],
  [0x80, 'IGNORE_CVREC'],
  [0x100, 'NO_UNQUALIFIED_LOADS'],
  [0x200, 'FAIL_CRITICAL_ERRORS'],
  [0x400, 'EXACT_SYMBOLS'],
  [0x800, 'ALLOW_ABSOLUTE_SYMBOLS'],
  [0x1000, 'IGNORE_NT_SYMPATH'],
  [0x2000, 'INCLUDE_32BIT_MODULES'],
  [0x4000, 'PUBLICS_ONLY'],
  [0x8000, 'NO_PUBLICS'],
  [0x1_0000, 'AUTO_PUBLICS'],
  [0x2_0000, 'NO_IMAGE_SEARCH'],
  [0x4_0000, 'SECURE'],
  [0x8_0000, 'NO_PROMPTS'],
  [0x8000_0000, 'DEBUG'],
];
const LOAD_LINES = 0x10;
const DEBUG = 0x8000_0000;

async function symbolOptions(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  if (!args.done) {
    const bits = Number(BigInt.asUintN(32, await context.evaluate(args)));
    args.expectEnd();
    const before = state.symbolOptions;
    setOptions(context, context.name.endsWith('-') ? before & ~bits : before | bits);
  }
  const on = OPTIONS.filter(([bit]) => (state.symbolOptions & bit) !== 0);
  const hex = (value: number, digits: number) => `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
  context.print(
    [
      `Symbol options are ${hex(state.symbolOptions, 1)}:`,
      ...on.map(([bit, name]) => `  ${hex(bit, 8)} - SYMOPT_${name}`),
    ].join('\n'),
  );
}

function setOptions({ state }: CommandContext, options: number): void {
  state.symbolOptions = options >>> 0;
  for (const { backend } of state.systems) backend?.setLineInformation((options & LOAD_LINES) !== 0);
}

async function noise(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const at = args.next;
  const word = args.word()?.toLowerCase() ?? null;
  if (word === 'prompts') args.word();
  else if (word === 'noisy') state.symbolOptions = (state.symbolOptions | DEBUG) >>> 0;
  else if (word === 'quiet') state.symbolOptions = (state.symbolOptions & ~DEBUG) >>> 0;
  else if (word !== null) args.fail(at);
  args.expectEnd();
  context.print(`${state.noisySymbols ? 'noisy' : 'quiet'} mode - symbol prompts off`);
}

async function lines(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const at = args.next;
  const option = args.match(/-([edt])(?=\s|$)/iy)?.[1]?.toLowerCase() ?? 't';
  if (!args.done) args.fail(at);
  const was = (state.symbolOptions & LOAD_LINES) !== 0;
  const on = option === 't' ? !was : option === 'e';
  setOptions(context, on ? state.symbolOptions | LOAD_LINES : state.symbolOptions & ~LOAD_LINES);
  context.print(`Line number information will ${on ? '' : 'not '}be loaded`);
}

const family = { family: 'Symbols and types', needs: 'none' } as const;
const common = { ...family, secure: 'allowed' } as const;

export const symbolFileCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'ld',
    needs: 'any',
    syntax: ['ld {Module|*}'],
    summary: 'Loads the debug information of modules.',
    help: 'Looked for by build id in the folders of .sympath and in /usr/lib/debug (HAWSER_DEBUG_DIRECTORY names another folder), by the name in .gnu_debuglink beside the module, and at debuginfod servers where .sympath or DEBUGINFOD_URLS names some. Where there is none, it says where it was looked for.',
    example: 'ld loop',
    run: loadDebug,
  },
  {
    ...family,
    name: '.symfix',
    aliases: ['.symfix+'],
    syntax: ['.symfix[+] [Folder]'],
    summary: 'Sets the symbol path to public debuginfod servers.',
    help: 'Those of DEBUGINFOD_URLS where that is set on the machine where the engine runs. A folder is looked in first; with + the path so far stays. .reload then looks.',
    differences:
      'The server is debuginfod’s, for Microsoft’s has no symbols of Linux programs; what is fetched is kept in the cache of Hawser, whatever folder is named.',
    example: '.symfix+ /srv/symbols',
    run: symbolFix,
  },
  {
    ...common,
    name: '.symopt',
    aliases: ['.symopt+', '.symopt-'],
    syntax: ['.symopt', '.symopt[+|-] Flags'],
    summary: 'Shows or sets options of symbols.',
    help: '10 (LOAD_LINES) is what .lines sets, 80000000 (DEBUG) what !sym noisy does. The others are kept and shown.',
    example: '.symopt',
    differences: 'Only LOAD_LINES and DEBUG change anything: the others are about files of Windows.',
    run: symbolOptions,
  },
  {
    ...common,
    name: '!sym',
    syntax: ['!sym', '!sym noisy', '!sym quiet', '!sym prompts [off]'],
    summary: 'Shows or hides where symbols are looked for.',
    help: 'When .reload and ld look: each file and server, and what came of it.',
    example: '!sym quiet',
    differences: 'There are no prompts: servers that ask for a password get the one of their address.',
    run: noise,
  },
  {
    ...common,
    name: '.lines',
    syntax: ['.lines [-e|-d|-t]'],
    summary: 'Turns source lines in the output on and off.',
    help: '-e on, -d off; without an option, or with -t, the other way round.',
    example: '.lines -e',
    run: lines,
  },
];
