import { engineErrors } from '../../errors.ts';
import { analyze } from '../analysis/analyze.ts';
import { ANALYSIS_HEADER, longReport, shortReport } from '../analysis/report.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

/** `!analyze [-v] [-f]`. */
async function analyzeCommand(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  let verbose = false;
  for (let option = args.match(/-(\w+)/y); option; option = args.match(/-(\w+)/y)) {
    const name = option[1] ?? '';
    if (/^(?:v\d*|vv)$/.test(name)) verbose = true;
    else if (name === 'hang')
      throw engineErrors.unsupported(
        '!analyze -hang',
        'it looks at exceptions only',
        '!locks shows which threads wait for which locks, and whether they wait for each other.',
      );
    else if (name !== 'f') args.fail(args.position - option[0].length);
  }
  args.expectEnd();
  if (state.isKernel)
    throw engineErrors.unsupported('!analyze', 'this is a kernel', '!dmesg shows what it has said last.');
  const analysis = await state.cancel.during(analyze(state), () => {});
  context.print(ANALYSIS_HEADER);
  context.print(verbose ? await longReport(state, analysis) : shortReport(analysis));
  return undefined;
}

export const analysisCommands: readonly CommandEntry[] = [
  {
    name: '!analyze',
    family: 'Session',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!analyze [-v] [-f]'],
    summary: 'Says why the program has crashed, and who is to blame.',
    help: 'Of the signal that the target stands at, or that a core file ended with: why the address is bad, what the C library, C++ or Rust had to say, and the first function of the stack that belongs to none of them. FAILURE_BUCKET_ID is the same for the same bug, whatever the addresses are. -v shows the whole report with stack, source and module; -f is taken.',
    differences:
      'CAUSE says in words what has happened. SYMBOL_NAME and FAILURE_BUCKET_ID keep the place in the function, so that two bugs of one function differ. Exception codes are those of Windows that come closest. -hang and -c are refused: !locks looks for hangs, and there is no list of known bugs.',
    example: '!analyze -v',
    run: analyzeCommand,
  },
];
