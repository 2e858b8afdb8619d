import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { SOURCE_OPTIONS } from '../source/options.ts';

/** `l+t`, `l-*`, `l+st`: letters of options, glued or not. */
async function options(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { source, secure } = context.state;
  const on = context.name.endsWith('+');
  const at = args.next;
  const letters = args.match(/[tlso*]+(?=\s|;|$)/iy)?.[0].toLowerCase() ?? '';
  if (letters === '' && !args.done) args.fail(at);
  args.expectEnd();
  if (on && secure && /[so*]/.test(letters))
    throw engineErrors.secureMode('l+s', 'it reads source files of this machine');
  for (const [option] of SOURCE_OPTIONS)
    if (letters.includes('*') || letters.includes(option)) source.set(option, on);
  context.print(source.lines().join('\n'));
  return undefined;
}

async function stepFilter(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  if (args.take('/c')) {
    args.expectEnd();
    state.stepFilter = [];
  } else if (!args.done) {
    const text = args.quoted() ?? args.rest();
    args.expectEnd();
    state.stepFilter = text
      .split(';')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }
  const { stepFilter: patterns } = state;
  if (patterns.length === 0) context.print('No code step filters');
  else context.print(`Filter out code symbols matching:\n${patterns.map((each) => `  ${each}`).join('\n')}`);
  return undefined;
}

const common = { family: 'Execution', needs: 'none', secure: 'allowed', threads: 'none' } as const;
const LETTERS =
  '`t`: steps go by source lines where there are some; `s`: stops show the line; `o`: they show nothing else; `l`: they show its file and number; `*`: all.';

export const sourceCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'l+',
    glue: /^[tlso*]/i,
    syntax: ['l+Options'],
    summary: 'Turns on source mode, or part of it.',
    help: `${LETTERS} In source mode \`pc\`, \`tt\` and their like do not stop at calls and returns of the line that they begin in. Without options it shows them.`,
    example: 'l+t',
    run: options,
  },
  {
    ...common,
    name: 'l-',
    glue: /^[tlso*]/i,
    syntax: ['l-Options'],
    summary: 'Turns off source mode, or part of it.',
    help: LETTERS,
    example: 'l-*',
    run: options,
  },
  {
    ...common,
    name: '.step_filter',
    syntax: ['.step_filter ["Pattern[;Pattern…]"]', '.step_filter /c'],
    summary: 'Sets functions that t does not go into.',
    help: 'Patterns of `Module!Function`, separated by semicolons. `t` executes a call of such a function as `p` does; within one, a step runs to its end. `/c` clears them, nothing shows them.',
    example: '.step_filter "libc_so!*;loop!helper"',
    run: stepFilter,
  },
];
