import type { CommandEntry } from '../../entry.ts';
import { FAMILIES, names as namesOf } from '../../help/list.ts';
import { CommandNames } from '../../names.ts';
import type { Transcript } from '../transcripts/transcript.ts';
import { formsOf } from './forms.ts';
import { lookedUp } from './looked-up.ts';
import { type MenuRow, menuWalk, windowWalk } from './menus.ts';
import { type Rule, rules } from './rules.ts';
import type { TypedLine } from './typed-lines.ts';

/** What tests show of a command. */
export interface Coverage {
  /** Its forms in transcripts, whose output is kept. */
  readonly forms: readonly string[];
  /** Other tests that type it. */
  readonly tests: readonly string[];
}

export function coverage(
  commands: readonly CommandEntry[],
  transcripts: readonly Transcript[],
  typed: readonly TypedLine[],
): ReadonlyMap<CommandEntry, Coverage> {
  const names = new CommandNames(commands);
  const forms = new Map(commands.map((entry) => [entry, new Set<string>()]));
  const tests = new Map(commands.map((entry) => [entry, new Set<string>()]));
  for (const { lines } of transcripts)
    for (const line of lines) for (const { entry, form } of formsOf(line, names)) forms.get(entry)?.add(form);
  for (const { test, line } of typed)
    for (const { entry } of formsOf(line, names)) tests.get(entry)?.add(test);
  return new Map(
    commands.map((entry) => [
      entry,
      { forms: [...(forms.get(entry) ?? [])].sort(), tests: [...(tests.get(entry) ?? [])].sort() },
    ]),
  );
}

/** Of tests that are named where there is no transcript. */
const MOST_TESTS = 3;

const OPENING = `# Conformance with WinDbg

Made from the tests: a test fails when this page is not what they say
(\`UPDATE_REFERENCE=1 npx vitest run engine/commands/conformance.test.ts\` writes it anew).

- **Forms** are those that golden transcripts (\`engine/commands/testing/transcripts\`) type on a real program under a real GDB, and whose whole output is
  kept in \`engine/commands/golden\`; read from their lines by the parser that runs them, with values left out (\`…\`, \`N\`).
- Where no transcript can show a command, since it is for other machines, kernels or many people, tests that type it are named instead. The examples in
  [commands.md](commands.md) are run by a test besides.
- **Differences** are the \`differences\` of the command's entry in the table of commands, and of the rules in
  \`engine/commands/testing/conformance/rules.ts\`; nothing there means that none is known.

A command that is added comes here by itself; it needs a line in a transcript or in another test, and its entry says what is
otherwise than in WinDbg, and why; one that changes the target says so too (\`changes\`), or fuzzing finds it.
Where two branches have both changed this page, it is written anew.
A transcript names the rules that it shows. What the documentation leaves open and was looked up once more stands at the end.`;

const MENUS = `A walk through the menus and windows of WinDbg (classic), entry by entry, from \`engine/commands/testing/conformance/menus.ts\`. What is *same* or *better*
names the action that does it, which a test looks for in the table of actions (\`electron/ipc/actions.ts\`), with the same keys.`;

/** `docs/conformance.md`. */
export function conformancePage(
  commands: readonly CommandEntry[],
  transcripts: readonly Transcript[],
  typed: readonly TypedLine[],
): string {
  const covered = coverage(commands, transcripts, typed);
  const chapters = FAMILIES.map((family) => {
    const rows = commands
      .filter((entry) => entry.family === family)
      .map((entry) => row(entry, covered.get(entry) ?? { forms: [], tests: [] }));
    return table(`## ${family}`, ['Command', 'Forms', 'Differences'], rows);
  });
  const refused = commands.filter(({ family }) => family === 'Not available here');
  return `${[
    OPENING,
    rulesChapter(transcripts),
    ...chapters,
    table(
      '## Not available here',
      ['Command', 'Why'],
      refused.map(({ name, summary }) => [code(name), summary.replace(/^Not available: /, '')]),
    ),
    menusChapter(),
    table(
      '## Looked up once more',
      ['What', 'Found'],
      lookedUp.map(({ what, found }) => [what, found]),
    ),
  ].join('\n\n')}\n`;
}

function rulesChapter(transcripts: readonly Transcript[]): string {
  const rows = Object.entries(rules).map(([rule, text]) => [
    text.title,
    transcripts
      .filter((transcript) => transcript.rules?.includes(rule as Rule))
      .map(({ name }) => `[${name}](../engine/commands/golden/${name}.txt)`)
      .join(', '),
    'differences' in text ? text.differences : '',
  ]);
  return table('## The language', ['Rule', 'Transcripts', 'Differences'], rows);
}

function menusChapter(): string {
  const section = (heading: string, rows: readonly MenuRow[]) =>
    table(
      heading,
      ['WinDbg', 'Here', 'How it is better, or why it is not there'],
      rows.map(({ windbg, is, note }) => [cell(windbg), is, cell(note ?? '')]),
    );
  return [
    `## Menus and windows\n\n${MENUS}`,
    ...Object.entries(menuWalk).map(([menu, rows]) => section(`### ${menu}`, rows)),
    section('### Windows', windowWalk),
  ].join('\n\n');
}

function row(entry: CommandEntry, { forms, tests }: Coverage): readonly string[] {
  const shown = forms.length > 0 ? forms.map(code).join(', ') : tests.slice(0, MOST_TESTS).join(', ');
  return [code(namesOf(entry)), shown, cell(entry.differences ?? '')];
}

function table(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return `${heading}\n\n| ${columns.join(' | ')} |\n| ${columns.map(() => '---').join(' | ')} |\n${lines.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  const escaped = cell(text);
  return text.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}
