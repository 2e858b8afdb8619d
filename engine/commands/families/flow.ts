import type { CommandEntry } from '../entry.ts';

const common = {
  family: 'Control flow',
  needs: 'none',
  flow: true,
  secure: 'allowed',
  // The parser of lines takes them; see syntax/.
  run: async () => undefined,
} as const;

const CONDITION =
  'The condition is an expression, in brackets or not; everything but 0 is true. The braces must stand, also around a single command; entering them replaces the aliases within anew.';

export const flowCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.if',
    syntax: ['.if (Condition) { Commands } [.elsif (Condition) { Commands }] … [.else { Commands }]'],
    summary: 'Runs commands if a condition holds.',
    help: CONDITION,
    example: '.if (@$t0 > 5) { .echo large } .else { .echo small }',
  },
  {
    ...common,
    name: '.elsif',
    syntax: ['.if (Condition) { Commands } .elsif (Condition) { Commands }'],
    summary: 'Goes on an .if whose conditions so far did not hold.',
    help: CONDITION,
    example: '.if (@$t0 = 1) { .echo one } .elsif (@$t0 = 2) { .echo two }',
  },
  {
    ...common,
    name: '.else',
    syntax: ['.if (Condition) { Commands } .else { Commands }'],
    summary: 'Ends an .if: what runs where no condition held.',
    help: 'It belongs to the .if directly before it.',
    example: '.if (@$t0 = 1) { .echo one } .else { .echo other }',
  },
  {
    ...common,
    name: '.for',
    syntax: ['.for (InitialCommand; Condition; Command[; Command …]) { Commands }'],
    summary:
      'Runs commands as long as a condition holds, with commands before the first and after each round.',
    help: `The initial command is a single one; those after a round are separated by semicolons. ${CONDITION} A break-in ends the loop.`,
    example: '.for (r $t0 = 0; @$t0 < 3; r $t0 = @$t0 + 1) { ? @$t0 }',
  },
  {
    ...common,
    name: '.while',
    syntax: ['.while (Condition) { Commands }'],
    summary: 'Runs commands as long as a condition holds.',
    help: `${CONDITION} A break-in ends the loop.`,
    example: 'r $t0 = 3; .while (@$t0) { r $t0 = @$t0 - 1 }',
  },
  {
    ...common,
    name: '.do',
    syntax: ['.do { Commands } (Condition)'],
    summary: 'Runs commands once, and then as long as a condition holds.',
    help: `${CONDITION} A break-in ends the loop.`,
    example: 'r $t0 = 0; .do { r $t0 = @$t0 + 1 } (@$t0 < 5)',
  },
  {
    ...common,
    name: '.foreach',
    syntax: [
      '.foreach [/pS First] [/ps Between] (Name { Commands }) { Commands }',
      '.foreach [/pS First] [/ps Between] /s (Name "Words") { Commands }',
      '.foreach [/pS First] [/ps Between] /f (Name "File") { Commands }',
    ],
    summary: 'Runs commands for each word of what other commands print, of a text, or of a file.',
    help:
      'What the commands in the brackets print is not shown. The name stands for the word where it stands between blanks, or ' +
      `as \`\${Name}\`. /pS leaves out so many words at the start, /ps so many after each that is used. Files are of the ` +
      'machine where the engine runs.',
    example: '.foreach (word { .echo one two }) { .echo word }',
  },
  {
    ...common,
    name: '.break',
    syntax: ['.break'],
    summary: 'Ends the loop that it stands in.',
    help: 'The innermost of .for, .while, .do and .foreach.',
    example: '.while (1) { .break }',
  },
  {
    ...common,
    name: '.continue',
    syntax: ['.continue'],
    summary: 'Goes on with the next round of the loop that it stands in.',
    help: 'The innermost of .for, .while, .do and .foreach.',
    example: '.for (r $t0 = 0; @$t0 < 3; r $t0 = @$t0 + 1) { .if (@$t0 = 1) { .continue }; ? @$t0 }',
  },
  {
    ...common,
    name: '.block',
    syntax: ['.block { Commands }'],
    summary: 'Runs commands as a block of their own.',
    help: 'What it is for: aliases within it are replaced when it is entered, with the values that they have by then.',
    example: 'as name value; .block { .echo name }',
  },
  {
    ...common,
    name: '.catch',
    differences: 'It does not catch a break-in, which ends everything.',
    syntax: ['.catch { Commands }'],
    summary: 'Runs commands, and goes on behind them where one fails.',
    help: 'The error is shown, and the rest of the block left out. Elsewhere an error ends everything. A break-in is no error: it ends all.',
    example: '.catch { ? poi(0) }; .echo still here',
  },
  {
    ...common,
    name: '.leave',
    syntax: ['.leave'],
    summary: 'Leaves the .catch that it stands in.',
    help: 'The innermost one.',
    example: '.catch { .leave; .echo never }',
  },
  {
    ...common,
    name: 'j',
    syntax: ["j Expression 'Commands' ; 'Commands'"],
    summary: 'Runs the first commands if an expression is not 0, else the second.',
    help: "The quotes may be left out around single commands; either may be empty (`''`). Nothing can follow on the line. .if does the same in braces.",
    example: "j (@$t0 = 5) '.echo five' ; '.echo other'",
    glue: /^[\s(@$]/,
  },
  {
    ...common,
    name: 'z',
    syntax: ['Command [; Command …] ; z (Expression)'],
    summary: 'Runs what stands before it on the line again as long as an expression is not 0.',
    help: 'The commands run once at least. A break-in ends the loop.',
    example: 'r $t0 = @$t0 + 1; z (@$t0 < 5)',
    glue: /^[\s(@$]/,
  },
];
