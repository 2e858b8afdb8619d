import type { CommandEntry } from '../entry.ts';
import { CommandNames } from '../names.ts';
import { pseudoRegisterNames } from '../pseudo.ts';
import { registerNames } from '../registers/names.ts';
import type { DebuggerState } from '../state.ts';
import type { Completion, Item } from './items.ts';

/** More are not offered. */
const MOST = 100;

/** Where the last command of a text begins: `k; ~1 bp loop!w`. */
const LAST_COMMAND = /(?:^|[;{])\s*(?:~\S*\s+)?([^;{\s][^;{]*)?$/;
/** A name, with the wildcards that TAB takes: `lo*!wo`. */
const WORD = /(?:[\w.*?]*!)?[\w:~.]*$/;

/**
 * What may stand at the caret: names of commands, and behind one its options, registers, modules and symbols. Names of the target
 * are asked for only where it can answer.
 */
export async function complete(
  text: string,
  caret: number,
  commands: readonly CommandEntry[],
  state: DebuggerState | null,
): Promise<Completion> {
  const before = text.slice(0, caret);
  const command = LAST_COMMAND.exec(before)?.[1] ?? '';
  const offer = (typed: string, items: readonly Item[]): Completion => ({
    from: caret - typed.length,
    items: items.slice(0, MOST),
  });
  if (/^[.!?|]?[a-z_]*$/i.test(command)) return offer(command, commandItems(command, commands));
  const match = new CommandNames(commands).find(command, 0, command.length);
  const rest = match ? command.slice(match.end) : '';
  if (!match || /^(?:\*|\$\$|\.echo\b)/.test(command)) return offer('', []);
  const typed = /(?<=^|[\s,])[-/][\w+(]*$/.exec(rest)?.[0];
  if (typed !== undefined) return offer(typed, optionItems(typed, match.entry));
  if (match.entry.name === '.help') {
    const name = /\S*$/.exec(rest)?.[0] ?? '';
    return offer(name, commandItems(name, commands));
  }
  const register = /[@$][\w$]*$/.exec(rest)?.[0];
  if (register !== undefined) return offer(register, await registerItems(register, state));
  const word = WORD.exec(rest)?.[0] ?? '';
  if (word === '' || !state) return offer('', []);
  const registers = match.entry.name === 'r' && !word.includes('!') ? await registerItems(word, state) : [];
  return offer(word, registers.length > 0 ? registers : await namesOf(word, state, match.entry.name));
}

function commandItems(typed: string, commands: readonly CommandEntry[]): readonly Item[] {
  if (typed === '') return [];
  return commands
    .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => ({ name, entry })))
    .filter(({ name }) => begins(name, typed))
    .map(({ name, entry }) => ({ text: name, detail: entry.summary }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Those that the command's syntax and help name. */
function optionItems(typed: string, { syntax, help, summary }: CommandEntry): readonly Item[] {
  const written = `${syntax.join(' ')} ${help}`;
  const found = [...written.matchAll(/(?<=^|[\s[|`({])(?:[-/][A-Za-z(]|\/\d)[\w+]*/g)].map(
    ([option]) => option,
  );
  // `{-a|-b}` and `[/D]` are as they are written; letters may differ by case alone.
  return [...new Set(found)]
    .filter((option) => option.startsWith(typed))
    .sort()
    .map((text) => ({ text, detail: summary }));
}

async function registerItems(typed: string, state: DebuggerState | null): Promise<readonly Item[]> {
  const at = typed.startsWith('@') ? '@' : '';
  const name = typed.slice(at.length);
  const names = name.startsWith('$') ? [] : state ? await registerNames(state) : [];
  return [
    ...names.map((text) => ({ text, detail: 'Register' })),
    ...pseudoRegisterNames.map((text) => ({ text, detail: 'Pseudo-register' })),
  ]
    .filter(({ text }) => begins(text, name))
    .map(({ text, detail }) => ({ text: `${at}${text}`, detail }));
}

/** Their arguments are modules. */
const OF_MODULES = new Set(['lm', 'ld', '.reload', '!lmi', '!for_each_function']);
const OF_TYPES = new Set(['dt', 'dtx']);

async function namesOf(word: string, state: DebuggerState, command: string): Promise<readonly Item[]> {
  const symbols = await symbolItems(word, state, OF_MODULES.has(command));
  return OF_TYPES.has(command) ? [...(await typeItems(word, state)), ...symbols] : symbols;
}

async function typeItems(word: string, state: DebuggerState): Promise<readonly Item[]> {
  const cut = word.indexOf('!');
  const module = cut < 0 ? (await state.modules())[0]?.name : word.slice(0, cut);
  if (module === undefined) return [];
  const found = new Map<string, Item>();
  for await (const types of state.target.findTypes(module, `${word.slice(cut + 1)}*`)) {
    for (const { module: of, name } of types) {
      const text = cut < 0 ? name : `${of}!${name}`;
      found.set(text, { text, detail: 'Type' });
    }
    if (found.size >= MOST) break;
  }
  return [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Of a module where one is named, else modules, local variables and the program's own symbols. */
async function symbolItems(
  word: string,
  state: DebuggerState,
  modulesOnly: boolean,
): Promise<readonly Item[]> {
  const cut = word.indexOf('!');
  const modules = await state.modules();
  if (cut >= 0) return inModules(word.slice(0, cut), word.slice(cut + 1), state);
  const matching = modules
    .filter(({ name }) => begins(name, word))
    .map(({ name, path }) => ({ text: modulesOnly ? name : `${name}!`, detail: path }));
  if (modulesOnly) return matching;
  const locals = (await state.target.locals(state.context))
    .filter(({ name }) => begins(name, word))
    .map(({ name, value }) => ({ text: name, detail: `Local variable, ${value.type.name}` }));
  const own = modules[0] ? await inModules(modules[0].name, word, state) : [];
  return [
    ...locals,
    ...matching,
    ...own.map(({ text, detail }) => ({ text: text.slice(text.indexOf('!') + 1), detail })),
  ];
}

async function inModules(module: string, name: string, state: DebuggerState): Promise<readonly Item[]> {
  const found = new Map<string, Item>();
  // Without what debug information says of each, which takes a second for a large library.
  for await (const symbols of state.target.symbols(module, `${name}*`, true)) {
    for (const { module: of, name: own, kind } of symbols) {
      const text = `${of}!${own}`;
      found.set(text, { text, detail: kind });
    }
    if (found.size >= MOST) break;
  }
  return [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

function begins(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase());
}
