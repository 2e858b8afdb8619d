import { escapeDml, parseDml } from '../../dml/parse.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { readHostText } from '../host-files.ts';

async function prefer(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const at = args.next;
  const word = args.word();
  args.expectEnd();
  if (word !== null) {
    if (!/^[01]$/.test(word)) args.fail(at);
    state.preferDml = word === '1';
  }
  context.print(`DML versions of commands ${state.preferDml ? 'on' : 'off'} by default`);
}

/** What `.dml_start` shows without a file: the ways in. */
const STARTS: readonly (readonly [command: string, what: string])[] = [
  ['|', 'Processes'],
  ['~', 'Threads'],
  ['k', 'Call stack'],
  ['dv /t /v', 'Local variables'],
  ['lm', 'Modules'],
  ['bl', 'Breakpoints'],
  ['r', 'Registers'],
  ['!address -summary', 'Memory'],
  ['.help', 'Commands'],
];

async function start(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const file = args.quoted() ?? args.rest();
  const source =
    file === ''
      ? `${STARTS.map(([command, what]) => `<exec cmd="${escapeDml(command)}">${escapeDml(what)}</exec>`).join('\n')}\n`
      : await readHostText(context.state, context.caller, file, '.dml_start', at);
  const { text, links } = parseDml(
    source.endsWith('\n') ? source : `${source}\n`,
    context.caller.client?.id ?? 0,
  );
  const own =
    file === '' ? links.map(({ start: from, end, command }) => ({ start: from, end, command })) : links;
  context.host.output('normal', text, own);
}

const common = { family: 'Output and help', needs: 'none' } as const;

export const dmlCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.prefer_dml',
    secure: 'allowed',
    syntax: ['.prefer_dml', '.prefer_dml {0|1}'],
    summary: 'Turns the links in the output of commands on and off.',
    help: 'Frames (k), modules (lm), symbols (x), addresses (u, ln, dps), breakpoints (bl), threads (~) and what !address shows are links in the window: a click, or ENTER with the caret in it, runs their command; TAB goes from link to link. Consoles show the same text. They are on at first.',
    example: '.prefer_dml 1',
    differences:
      'The text is the same with links and without, so that everybody in a session sees the same. A link that somebody else has written (.printf /D, .dml_start) is put into the command line at a click instead of being run.',
    run: prefer,
  },
  {
    ...common,
    name: '.dml_start',
    syntax: ['.dml_start', '.dml_start File'],
    summary: 'Shows links to begin with.',
    help: 'Or a file of the machine where the engine runs, with the marks of DML in it: <exec cmd="…">text</exec> and <link cmd="…">text</link> are links. For the owner of the session, and for remote clients where .hostaccess allows it.',
    example: '.dml_start',
    run: start,
  },
];
