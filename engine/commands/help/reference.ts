import type { CommandEntry } from '../entry.ts';
import { FAMILIES, names } from './list.ts';

const NEEDS: Readonly<Record<CommandEntry['needs'], string>> = {
  none: 'Works without a target.',
  any: 'Needs a target: a stopped program or a core file.',
  live: 'Needs a program that can run.',
};

/** The command reference, `docs/commands.md`, made from the table. */
export function commandReference(commands: readonly CommandEntry[]): string {
  const chapters = FAMILIES.map((family) => {
    const own = commands.filter((entry) => entry.family === family);
    return [`## ${family}`, ...own.map(section)].join('\n\n');
  });
  const opening = [
    '# Commands',
    'Made from the table of commands in `engine/commands/table.ts`; a test fails when the two differ',
    '(`UPDATE_REFERENCE=1 npx vitest run engine/commands/reference.test.ts` writes it anew).',
    '',
    'Commands are separated by `;`. Names and registers may be written in either case, but for the letters',
    'that mean different things (`dW` and `dw`, `kP` and `kp`). Numbers are hexadecimal unless `n` says',
    'otherwise. ENTER on an empty line repeats the last command, but for those that start, attach to, detach',
    'or end a target. `* …` is a comment to the end of the line, `$$ …` to the next semicolon. Command and argument need no blank between them where it is clear what is',
    'meant: `bp3`, `r$t0=5`, `lmvm loop`. Text in double quotes and blocks in braces are kept together; `{ … }` follows',
    'one of the words under Control flow.',
  ].join('\n');
  return `${[opening, ...chapters, notAvailable(commands)].join('\n\n')}\n`;
}

/** A table: there is little to say of each. */
function notAvailable(commands: readonly CommandEntry[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = commands
    .filter(({ family }) => family === 'Not available here')
    .map(({ name, summary, help }) =>
      [`| \`${cell(name)}\``, cell(summary.replace(/^Not available: (.*)\.$/, '$1')), `${cell(help)} |`].join(
        ' | ',
      ),
    );
  return [
    '## Not available here',
    'Commands of WinDbg’s that say so themselves, and what comes nearest.',
    ['| Command | Why | Instead |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function changes({ changes: how }: CommandEntry): string {
  if (how === undefined) return '';
  return how === true ? ' It changes the target.' : ' An assignment changes the target.';
}

function section(entry: CommandEntry): string {
  const parts = [
    `### \`${names(entry)}\``,
    entry.summary,
    ['```', ...entry.syntax, '```'].join('\n'),
    `${entry.help} ${entry.front ? 'Each front handles it itself.' : NEEDS[entry.needs]}${changes(entry)}`,
  ];
  if (entry.example)
    parts.push(`Example: \`\`${entry.example.includes('`') ? ` ${entry.example} ` : entry.example}\`\``);
  return parts.join('\n\n');
}
