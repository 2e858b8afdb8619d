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
  '.imgscan': refuse(
    'every file that is mapped is known from the system, whether it has a header or not',
    '!address',
    '-f:Image lists what is mapped of programs and libraries',
  ),
  lse: refuse('the engine has no screen to open an editor on', 'lsa', 'shows source lines'),
  '.exepath': refuse(
    'programs and libraries are read from where the target has them',
    '.sympath',
    'says where else files with symbols are',
  ),
  '.effmach': refuse(
    'the machine is that of the program, and GDB does not decode another beside it',
    'vertarget',
    'shows the machine',
  ),
  '.cxr': refuse(
    'Linux keeps the registers of a signal on the stack, where they are a frame',
    '.ecxr',
    'goes to the registers of the last signal',
  ),
  '.prompt_allow': refuse(
    'of what a stop shows only the registers can be turned off',
    'pr',
    'turns the registers at stops on and off',
  ),
  '.idle_cmd': refuse(
    'a session that many share is not idle for all of them at once',
    '.pcmd',
    'sets commands for each stop',
  ),
  '.force_radix_output': refuse(
    'signed numbers are shown in decimal and unsigned ones in hexadecimal, for everybody in the session',
    '.formats',
    'shows a number in every radix',
  ),
  '.enable_long_status': refuse(
    'signed numbers are shown in decimal and unsigned ones in hexadecimal, for everybody in the session',
    '.formats',
    'shows a number in every radix',
  ),
  '!dml_proc': refuse('output is text', '|', 'lists the processes'),
};

/** Commands of WinDbg's that are no commands here, each with why and what comes nearest; less what `real` has. */
export function elsewhereCommands(real: readonly CommandEntry[]): readonly CommandEntry[] {
  const there = new Set(real.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]));
  return Object.entries(NO_MEANING)
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
