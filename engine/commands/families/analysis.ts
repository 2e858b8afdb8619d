import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { analyze } from '../analysis/analyze.ts';
import { analyzeHang } from '../analysis/hang.ts';
import { ANALYSIS_HEADER, HANG_HEADER, longReport, shortReport } from '../analysis/report.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { readHostText } from '../host-files.ts';
import type { DebuggerState } from '../state.ts';

/** `!analyze [-v] [-f | -hang] [-c …]`. */
async function analyzeCommand(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  let verbose = false;
  let hang = false;
  for (let option = args.match(/-(\w+)/y); option; option = args.match(/-(\w+)/y)) {
    const name = option[1] ?? '';
    if (/^(?:v\d*|vv)$/.test(name)) verbose = true;
    else if (name === 'hang') hang = true;
    else if (name === 'c') return known(context, args);
    else if (/^x(?:ml|mi|cs|mf)$/.test(name))
      throw engineErrors.unsupported(
        `!analyze -${name}`,
        'its schema is that of Windows crash reports',
        '.logopen keeps the report of !analyze -v in a file.',
      );
    else if (name !== 'f') args.fail(args.position - option[0].length);
  }
  args.expectEnd();
  expectProgram(state);
  const work = hang ? analyzeHang(state) : analyze(state);
  const analysis = await state.cancel.during(work, () => {});
  context.print(hang ? HANG_HEADER : ANALYSIS_HEADER);
  context.print(verbose ? await longReport(state, analysis) : shortReport(analysis));
  return undefined;
}

function expectProgram({ isKernel }: DebuggerState): void {
  if (isKernel)
    throw engineErrors.unsupported('!analyze', 'this is a kernel', '!dmesg shows what it has said last.');
}

/** `-c [-load File | -unload | -help]`: what is known does not stop. */
async function known(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const option = args.match(/-(load|unload|help)(?=\s|$)/y)?.[1];
  if (option === 'load') {
    const at = args.next;
    const file = args.quoted() ?? args.rest();
    const text = await readHostText(state, context.caller, file, '!analyze -c -load', at);
    state.knownIssues = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
    context.print(`${state.knownIssues.length} known issues loaded`);
    return undefined;
  }
  args.expectEnd();
  if (option === 'unload') state.knownIssues = [];
  if (option === 'help') context.print(KNOWN_HELP);
  if (option !== undefined || state.knownIssues.length === 0) return undefined;
  expectProgram(state);
  if (state.current.lastException === null) return undefined;
  const { bucket } = await state.cancel.during(analyze(state), () => {});
  const issue = state.knownIssues.find((pattern) => matchesWildcard(pattern, bucket));
  if (issue === undefined) return undefined;
  context.print(`Known issue ${issue} (${bucket}): the target goes on`);
  return context.run('g');
}

const KNOWN_HELP = [
  '!analyze -c -load File   takes known issues from a file: names of buckets (FAILURE_BUCKET_ID), one a line, with wildcards; # begins a comment',
  '!analyze -c -unload      forgets them',
  '!analyze -c              lets the target go on when what has stopped it is one of them',
].join('\n');

export const analysisCommands: readonly CommandEntry[] = [
  {
    name: '!analyze',
    family: 'Session',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!analyze [-v] [-f | -hang]', '!analyze -c [-load File | -unload | -help]'],
    summary: 'Says why the program has crashed, and who is to blame.',
    help: 'Of the signal that the target stands at, or that a core file ended with: why the address is bad, what the C library, C++ or Rust had to say, and the first function of the stack that belongs to none of them. FAILURE_BUCKET_ID is the same for the same bug, whatever the addresses are. -v shows the whole report with stack, source and module; -f is taken. -hang says why a program does not go on: which threads wait for which, and who holds what they wait for. -c lets the target go on when what has stopped it is a known issue; -c -load takes those from a file, a bucket with wildcards on each line.',
    differences:
      'CAUSE says in words what has happened. SYMBOL_NAME and FAILURE_BUCKET_ID keep the place in the function, so that two bugs of one function differ. Exception codes are those of Windows that come closest. The file of -c -load is a list of buckets: WinDbg’s form of it is nowhere described. There is no -xml.',
    example: '!analyze -v',
    run: analyzeCommand,
  },
];
