import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import type { LocalNames } from '../aliases/table.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { errorText } from '../error-text.ts';
import { readHostText } from '../host-files.ts';
import { promptText } from '../target-state.ts';

/** `$<`, `$$<`: as if its lines were typed, one after the other. */
async function lines(context: CommandContext, args: Args): Promise<Control | undefined> {
  const text = await read(context, args, fileName(args));
  let leave = false;
  for (const line of text.split(/\r?\n/)) {
    context.state.cancel.check();
    if (line.trim() === '') continue;
    context.host.output('normal', `${promptText(context.state)}${line}\n`);
    const outcome = await oneLine(context, line);
    leave ||= outcome.leave === true;
    if (outcome.endLine) return { leave, endLine: true };
  }
  return { leave };
}

/** An error ends its line only, as it does for what is typed. */
async function oneLine(context: CommandContext, line: string): Promise<Control> {
  try {
    return await context.run(line, new Map());
  } catch (thrown) {
    const error = toHawserError(thrown);
    if (error.code === 'INTERRUPTED') throw error;
    if (error.text !== context.state.told)
      context.host.output('error', `${errorText(error, line, promptText(context.state))}\n`);
    return {};
  }
}

/** `$><`, `$$><`: its lines put together as one block. */
async function block(context: CommandContext, args: Args): Promise<Control | undefined> {
  return condensed(context, await read(context, args, fileName(args)), new Map());
}

/** `$$>a<File Argument …`. */
async function withArguments(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const path = args.quoted() ?? args.word() ?? args.fail(at);
  const local: Map<string, string> & LocalNames = new Map();
  while (!args.done) local.set(`$arg${local.size + 1}`, args.quoted() ?? args.word() ?? '');
  return condensed(context, await read(context, args, { path, at }), local);
}

/**
 * Semicolons where lines ended; a `*` comment takes all that follows it, as in WinDbg. Lines at the start that set or delete
 * aliases are run before: a text that begins with one keeps all of its aliases as they are, to its end.
 */
async function condensed(context: CommandContext, text: string, local: LocalNames): Promise<Control> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => !/^(?:as|aS|ad|al)\b/.test(line));
  for (const line of lines.splice(0, first < 0 ? lines.length : first)) await context.run(line, local);
  return context.run(lines.join(';'), local);
}

function fileName(args: Args): { path: string; at: number } {
  const at = args.next;
  return { path: args.quoted() ?? args.rest(), at };
}

async function read(
  context: CommandContext,
  args: Args,
  { path, at }: { readonly path: string; readonly at: number },
): Promise<string> {
  args.expectEnd();
  return readHostText(context.state, context.caller, path, context.name, at);
}

/** `.hostaccess [0|1]`. */
async function hostAccess(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, caller } = context;
  if (!args.done) {
    const wanted = await context.evaluate(args);
    args.expectEnd();
    if (caller.role !== 'owner') throw engineErrors.ownerOnly('.hostaccess');
    state.remoteHostAccess = wanted !== 0n;
  }
  context.print(
    `Remote clients ${state.remoteHostAccess ? 'may' : 'may not'} read files and run programs of this machine.`,
  );
  return undefined;
}

const common = { family: 'Control flow', needs: 'none', glue: /^/ } as const;
const WHERE =
  'The file is one of the machine where the engine runs; for the owner of the session, and for remote clients where .hostaccess ' +
  'allows it. Scripts can run scripts.';

export const scriptCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '$<',
    syntax: ['$<File'],
    summary: 'Runs the lines of a file as if they were typed.',
    help: `Each line is shown and run by itself: blocks must stand on one line, and an error ends its line only. The name takes the rest of the line. ${WHERE}`,
    wholeLine: true,
    example: '$</tmp/watch.txt',
    run: lines,
  },
  {
    ...common,
    name: '$><',
    syntax: ['$><File'],
    summary: 'Runs a file as one block of commands.',
    help: `Its lines are put together with semicolons; comments are written with \`$$\`. An error ends it. The name takes the rest of the line. ${WHERE}`,
    wholeLine: true,
    example: '$></tmp/watch.txt',
    run: block,
  },
  {
    ...common,
    name: '$$<',
    syntax: ['$$<File'],
    summary: 'Runs the lines of a file as if they were typed; commands can follow.',
    help: `As $<, but the name ends at a semicolon. ${WHERE}`,
    example: '$$</tmp/watch.txt; k 1',
    run: lines,
  },
  {
    ...common,
    name: '$$><',
    differences: 'As for $$>a<.',
    syntax: ['$$><File'],
    summary: 'Runs a file as one block of commands; commands can follow.',
    help: `As $><, but the name ends at a semicolon. ${WHERE}`,
    example: '$$></tmp/watch.txt; k 1',
    run: block,
  },
  {
    ...common,
    name: '$$>a<',
    differences:
      'Lines at the start that set aliases run first, each by itself: joined to the rest they would have no effect in it. Script files are the owner’s.',
    syntax: ['$$>a<File [Argument …]'],
    summary: 'Runs a file as one block of commands, with arguments.',
    help: `In the file \`\${$arg1}\` stands for the first argument, and so on; arguments and names with blanks stand in quotes. One that is missing stays as it is written; \`\${/d:$arg1}\` tells. ${WHERE}`,
    example: '$$>a</tmp/show.txt loop!g_table 2',
    run: withArguments,
  },
  {
    name: '.hostaccess',
    family: 'Session',
    needs: 'none',
    syntax: ['.hostaccess', '.hostaccess {0|1}'],
    summary:
      'Shows or sets whether remote clients may use files and programs of the machine where the engine runs.',
    help: 'They may not at first. It concerns scripts, as /f and /e, .foreach /f, .shell, logs and dumps. For the owner of the session. Hawser’s own.',
    example: '.hostaccess',
    run: hostAccess,
  },
];
