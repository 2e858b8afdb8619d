import { engineErrors } from '../../errors.ts';
import type { CommandEntry } from '../entry.ts';

/** Why there is no such command here, and which comes nearest. */
interface Refusal {
  readonly why: string;
  /** A command that there is. */
  readonly nearest: string;
  /** What it does in the place of the one that was typed. */
  readonly instead: string;
}

const refuse = (why: string, nearest: string, instead: string): Refusal => ({ why, nearest, instead });

const NO_WINDOWS = 'it is for a structure of Windows that programs on Linux do not have';
const LATER = 'this version does not have it yet';

/** WinDbg's commands that have no meaning for Linux targets, or in a session that many share. */
const NO_MEANING: Readonly<Record<string, Refusal>> = {
  ds: refuse(NO_WINDOWS, 'da', 'shows a string of C'),
  dS: refuse(NO_WINDOWS, 'du', 'shows a string of 16-bit characters'),
  ss: refuse(
    'symbols of Linux have no suffix for 8-bit and 16-bit characters',
    'x',
    'finds symbols by pattern',
  ),
  '.beep': refuse(
    'the engine has nobody in front of it',
    '.echo',
    'shows a text to everybody in the session',
  ),
  '.suspend_ui': refuse('windows are never held up by commands', '.cls', 'empties the window'),
  '.write_cmd_hist': refuse('each front keeps its own history', '.logopen', 'keeps everything that is shown'),
  '.enable_unicode': refuse('texts are UTF-8', 'du', 'shows 16-bit characters'),
  '.dml_start': refuse('output is text', '.help', 'lists the commands'),
  '.browse': refuse('output is text, in one window', '.logopen', 'keeps everything that is shown'),
  '.prefer_dml': refuse('output is text', '.printf', 'takes DML and leaves its marks out'),
  '.chain': refuse(
    'extensions of Windows are no files that could run here',
    '.help',
    'lists the commands, with those that begin with !',
  ),
  '.load': refuse('extensions of Windows are no files that could run here', '$$><', 'runs a script'),
  '.loadby': refuse('extensions of Windows are no files that could run here', '$$><', 'runs a script'),
  '.unload': refuse('extensions of Windows are no files that could run here', '.help', 'lists the commands'),
  '.asm': refuse('the disassembly has one layout', 'u', 'shows code'),
  '.outmask': refuse('each front chooses what it shows', '.logopen', 'keeps everything that is shown'),
  '.settings': refuse('each front keeps its own settings', '.pcmd', 'sets commands for each stop'),
  '.open': refuse('the window of sources is each front’s own', '.srcpath', 'says where sources are'),
  '.srcfix': refuse(
    'sources of Linux programs are not kept by source servers of Windows',
    '.srcpath',
    'says where sources are',
  ),
  '.srcnoisy': refuse('looking for sources has nothing to say', '.srcpath', 'says where sources are'),
  '.fnent': refuse(
    'code of Linux has no function table of Windows',
    'ln',
    'shows the function at an address',
  ),
  sq: refuse('there are no messages for it to leave out', '.noshell', 'and its like say what they have done'),
  '!time': refuse('one command shows all times', '.time', 'has system and process'),
  '!help': refuse('there are no extensions with a help of their own', '.help', 'lists the commands'),
  '!dml_proc': refuse('output is text', '|', 'lists the processes'),
};

/** What is still to come. */
const NOT_YET: Readonly<Record<string, Refusal>> = Object.fromEntries(
  (
    [
      ['#', 'u', 'shows code'],
      ['dyb', 'db', 'shows bytes'],
      ['dyd', 'dd', 'shows double words'],
      ['dl', 'dt', '-l follows a list'],
      ['m', '.printf', 'with e writes what is read'],
      ['c', 'db', 'shows both'],
      ['s', 'db', 'shows memory with its characters'],
      ['.writemem', '.dump', 'writes a core file'],
      ['.readmem', 'eb', 'writes bytes'],
      ['.holdmem', 'db', 'shows memory'],
      ['.dvalloc', 'lm', 'lists what is mapped'],
      ['.dvfree', 'lm', 'lists what is mapped'],
      ['dtx', 'dt', 'shows types and objects'],
      ['dx', '??', 'shows an expression of C++'],
      ['.call', '??', 'shows an expression of C++'],
      ['.fnret', '??', 'shows an expression of C++'],
      ['kd', 'dps', 'shows the words of the stack with symbols'],
      ['.kframes', 'k', 'takes the number of frames'],
      ['.imgscan', 'lm', 'lists the modules'],
      ['rm', 'r', 'takes the names of registers'],
      ['rF', 'r', 'takes the names of registers'],
      ['rX', 'r', 'takes the names of registers'],
      ['uu', 'u', 'shows code'],
      ['uf', 'u', 'shows code'],
      ['.lines', 'ln', 'shows the source line of an address'],
      ['lsp', 'ln', 'shows the source line of an address'],
      ['ls', 'ln', 'shows the source line of an address'],
      ['lsa', 'ln', 'shows the source line of an address'],
      ['lsc', 'ln', 'shows the source line of an address'],
      ['lsf', 'ln', 'shows the source line of an address'],
      ['lse', 'ln', 'shows the source line of an address'],
      ['ld', 'lm', 'shows which modules have their symbols'],
      ['.reload', '.sympath', 'looks for symbols anew'],
      ['.symfix', '.sympath', 'takes the address of a symbol server'],
      ['.exepath', '.sympath', 'says where files are'],
      ['.symopt', '.sympath', 'says where symbols are'],
      ['.effmach', 'vertarget', 'shows the machine'],
      ['.cxr', '.frame', 'chooses a frame'],
      ['.prompt_allow', 'pr', 'turns the registers at stops on and off'],
      ['.idle_cmd', '.pcmd', 'sets commands for each stop'],
      ['.process', '.attach', 'takes another process'],
      ['.thread', '~s', 'makes a thread the current one'],
      ['.force_radix_output', '??', 'shows unsigned numbers in hexadecimal'],
      ['.enable_long_status', '??', 'shows an expression with its type'],
      ['!address', 'lm', 'lists the modules with their addresses'],
      ['!vprot', 'lm', 'lists the modules with their addresses'],
      ['!process', '.tlist', 'lists the processes of the machine'],
      ['!list', 'dt', '-l follows a list'],
      ['!for_each_module', '.foreach', 'goes through the words of lm 1m'],
      ['!for_each_frame', '.foreach', 'goes through numbers, and .frame chooses each'],
      ['!for_each_local', 'dv', 'shows the local variables'],
      ['!for_each_register', 'r', 'shows the registers'],
      ['!for_each_function', 'x', 'finds functions by pattern'],
      ['!sym', '.sympath', 'says where symbols are looked for'],
      ['!lmi', 'lm', 'v shows a module in detail'],
      ['!uniqstack', '~', '*k shows the stacks of all threads'],
      ['!findstack', '~', '*k shows the stacks of all threads'],
    ] as const
  ).map(([name, nearest, instead]) => [name, refuse(LATER, nearest, instead)]),
);

/** Commands of WinDbg's that are no commands here, each with why and what comes nearest; less what `real` has. */
export function elsewhereCommands(real: readonly CommandEntry[]): readonly CommandEntry[] {
  const there = new Set(real.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]));
  return Object.entries({ ...NO_MEANING, ...NOT_YET })
    .filter(([name]) => !there.has(name))
    .map(([name, refusal]) => entryOf(name, refusal));
}

function entryOf(name: string, { why, nearest, instead }: Refusal): CommandEntry {
  return {
    name,
    family: 'Not available here',
    needs: 'none',
    secure: 'allowed',
    syntax: [name],
    summary: `Not available: ${why}.`,
    help: `${nearest} ${instead}.`,
    // `l+t`, `#`: whatever follows belongs to it.
    ...(/[\w.!]$/.test(name) ? {} : { glue: /^/ }),
    run: () => Promise.reject(engineErrors.unsupported(name, why, `${nearest} ${instead}.`)),
  };
}
