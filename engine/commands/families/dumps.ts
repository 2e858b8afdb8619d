import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { expectHostAccess } from '../host-files.ts';

/** `.dump [/o] [options] File`: WinDbg's other options choose what goes into a dump; a core file has everything. */
async function dump(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, caller } = context;
  const start = args.next;
  let replace = false;
  let unique = false;
  const option = /\/(?:c\s+(?:"[^"]*"|\S+)|j\s+\S+|b?[auofm][A-Za-z]*|ba|b)(?=\s|$)/y;
  for (let match = args.match(option); match; match = args.match(option)) {
    if (match[0] === '/o') replace = true;
    else if (match[0] === '/u') unique = true;
    else if (match[0].startsWith('/a'))
      throw engineErrors.unsupported(
        '/a',
        'each process has a dump of its own',
        'Choose one (|| s) and give .dump for it.',
      );
  }
  const at = args.next;
  const typed = args.quoted() ?? args.word() ?? args.fail(at);
  args.expectEnd();
  if (state.kind === 'core')
    throw engineErrors.unsupported('.dump', 'this is a core file already', 'Copy the file.');
  if (state.isKernel)
    throw engineErrors.unsupported(
      '.dump',
      'a kernel has no core file',
      '!db and .writemem read its memory.',
    );
  expectHostAccess(state, caller, '.dump');
  const path = resolve(unique ? stamped(typed, state.process?.pid ?? 0) : typed);
  if (/[\n\r]/.test(path)) args.fail(start);
  if (existsSync(path) && !replace) throw engineErrors.badArgument(`'${path}' exists; /o writes over it`, at);
  context.print(`Creating ${path} - core file`);
  await context.target.raw(`generate-core-file ${path}`);
  context.print('Dump successfully written');
  return undefined;
}

/** `/u`: time and process id in the name. */
function stamped(path: string, pid: number): string {
  const stamp = new Date().toISOString().slice(0, 23).replace('T', '_').replace(/[:.]/g, '-');
  return path.replace(/(\.[^./]*)?$/, (extension) => `_${stamp}_${pid.toString(16)}${extension}`);
}

async function openDump(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, targets, caller } = context;
  if (args.match(/\/c(?=\s)/y))
    throw engineErrors.unsupported('/c', 'core files are not kept in cabinets', 'Unpack the file first.');
  const at = args.next;
  const core = args.quoted() ?? args.word() ?? args.fail(at);
  args.expectEnd();
  expectHostAccess(state, caller, '.opendump');
  const options = { ...state.startOptions, ignoreInitialBreak: false, breakOnConnect: false };
  await targets.open({ kind: 'core', core: resolve(core) }, options);
  return undefined;
}

async function abandon(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state, targets } = context;
  const pid = state.process?.pid ?? 0;
  if (state.kind !== 'live' || state.isKernel || state.current.stub)
    throw engineErrors.unsupported(
      '.abandon',
      'only a process of this machine can be left standing',
      '.detach lets the target run on.',
    );
  // It gets the signal when it is let go, and stands.
  process.kill(pid, 'SIGSTOP');
  await targets.detach();
  context.print(`Process 0n${pid} stands still; .attach 0n${pid}, or kill -CONT ${pid}, takes it up again.`);
  return undefined;
}

/** How the debugger was started; a password is not shown. */
async function commandLine(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const words = process.argv.map((word) => word.replace(/(password\s*=\s*)("[^"]*"?|[^\s,;]+)/gi, '$1*'));
  context.print(`command line: '${words.join(' ')}'`);
  return undefined;
}

const common = { family: 'Session', needs: 'none' } as const;

export const dumpCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.dump',
    needs: 'any',
    syntax: ['.dump [/o] [/u] [/ma] File'],
    summary: 'Writes a core file of the process.',
    help: 'On the machine where the engine runs; a core file always has everything (/m and its letters are taken). A file that exists is kept unless /o is given; /u puts time and process id into the name. For the owner of the session, and for remote clients where .hostaccess allows it.',
    example: '.dump /o /tmp/loop.core',
    run: dump,
  },
  {
    ...common,
    name: '.opendump',
    differences: 'It acts at once, where WinDbg waits until the target runs next.',
    changes: true,
    syntax: ['.opendump File'],
    summary: 'Opens a core file, beside what is debugged already.',
    help: 'Of the machine where the engine runs. It becomes a system of its own, the current one, at once; WinDbg does it at the next g. For the owner of the session, and for remote clients where .hostaccess allows it.',
    once: true,
    example: '.opendump /tmp/loop.core',
    run: openDump,
  },
  {
    ...common,
    name: '.abandon',
    differences:
      'The process is left stopped by SIGSTOP: Linux has none that stays in a debugger’s hands without one.',
    changes: true,
    needs: 'any',
    syntax: ['.abandon'],
    summary: 'Lets the process go and leaves it standing.',
    help: 'It is stopped by SIGSTOP, so that it can be attached to again as it is. Only of processes of this machine.',
    once: true,
    example: '.abandon',
    run: abandon,
  },
  {
    ...common,
    name: 'vercommand',
    secure: 'allowed',
    syntax: ['vercommand'],
    summary: 'Shows how the debugger was started.',
    help: 'Its command line, with passwords as `*`.',
    example: 'vercommand',
    run: commandLine,
  },
];
