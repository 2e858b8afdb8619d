interface RuleText {
  readonly title: string;
  /** What is otherwise than in WinDbg, and why. */
  readonly differences?: string;
}

/** The rules of the language that are no command's own. Each has a transcript (see Transcript.rules). */
export const rules = {
  separators: { title: 'Separators, blocks, comments' },
  names: {
    title: 'Names of commands: case, and arguments without a blank before them',
    differences:
      'Lines may be longer than 4,096 characters: nothing here needs the limit, and scripts are one line.',
  },
  repeating: {
    title: 'ENTER repeats the last command',
    differences:
      'Not for commands that start, attach to, detach or end a target: nobody does that twice by an idle key.',
  },
  numbers: { title: 'Numbers and the base, and what ignores it' },
  signs: {
    title: 'Sign extension and the width of numbers',
    differences:
      'On 64-bit targets `?` always shows 16 digits, as WinDbg’s own samples do, though its rule would allow eight.',
  },
  masm: { title: 'MASM expressions: operators and their precedence' },
  functions: { title: 'Function operators ($iment, $scmp, $spat, $vvalid …)' },
  cpp: {
    title: 'C++ expressions',
    differences:
      'GDB evaluates them: in code of another language (Rust) they are that language’s, and C++ where that fails. Functions are never called: to look must not run anything.',
  },
  evaluators: { title: 'Choosing the evaluator (.expr, @@(), @@masm(), @@c++())' },
  registers: { title: 'Registers and their parts' },
  pseudoRegisters: {
    title: 'Pseudo-registers',
    differences:
      '$teb and $thread are the thread’s control block (its fs base), $peb and $proc are not to be had: Linux has no such blocks.',
  },
  ranges: { title: 'Addresses and ranges' },
  unreadable: { title: 'Memory that cannot be read' },
  sourceLines: { title: 'Source lines as addresses' },
  tokens: { title: 'Thread, process and system tokens' },
  symbols: {
    title: 'Symbols',
    differences:
      'A name is looked for as it is written first, and only then in either case: names on Linux differ by case.',
  },
  wildcards: { title: 'Wildcards' },
  aliases: { title: 'Aliases and when they are replaced' },
  scripts: {
    title: 'Scripts',
    differences:
      'Lines at the start of a script that set or delete aliases run first, each by itself; joined to the rest they would have no effect in it.',
  },
  controlFlow: { title: 'Control flow' },
  printf: {
    title: '.printf’s conversions',
    differences:
      'l is the target’s long, 64 bits where Windows has 32; %s and %S take the string at an address.',
  },
  breakpoints: { title: 'Breakpoints' },
  deferred: { title: 'Breakpoints on what is not loaded yet' },
  execution: { title: 'Running and stepping' },
  stops: {
    title: 'What a stop shows',
    differences: 'Where the effective address is not known without a further round trip it is left out.',
  },
  events: {
    title: 'Events and exceptions',
    differences:
      'Exceptions are signals: the codes are WinDbg’s, and what a signal is called stands behind them.',
  },
  errors: {
    title: 'What is wrong with a line, and where',
    differences: '`^` stands under the place wherever it is known; WinDbg has it for some errors only.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export type Rule = keyof typeof rules;
