import type { CommandEntry, Family } from '../entry.ts';

export const FAMILIES: readonly Family[] = [
  'Execution',
  'Breakpoints',
  'Threads and processes',
  'Stack and locals',
  'Registers and code',
  'Memory',
  'Symbols and types',
  'Session',
  'Control flow',
  'Output and help',
];

/** What is to be had, as lists and completion show it. */
export function available(commands: readonly CommandEntry[]): readonly CommandEntry[] {
  return commands.filter(({ family }) => family !== 'Not available here');
}

/** Names that take more have their summary in the next line. */
const MOST_NAMES = 24;

/** What `?` and `.help` print: a line for each command, by family. */
export function helpList(commands: readonly CommandEntry[]): string {
  const widths = available(commands).map((entry) => names(entry).length);
  const width = Math.max(...widths.filter((each) => each <= MOST_NAMES));
  const blocks = FAMILIES.map((family) => {
    const own = commands.filter((entry) => entry.family === family);
    const lines = own.map((entry) => {
      const named = names(entry);
      const gap = named.length <= width ? '' : `\n  ${' '.repeat(width)}`;
      return `  ${named.padEnd(width)}${gap}  ${entry.summary}`;
    });
    return [`${family}:`, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n\n.help NAME explains one command; of one of WinDbg's that is not available here it says why.`;
}

/** What `.help NAME` prints. */
export function helpOf(entry: CommandEntry): string {
  const lines = [
    names(entry),
    ...entry.syntax.map((each) => `    ${each}`),
    '',
    ...wrap(`${entry.summary} ${entry.help}`),
  ];
  if (entry.example) lines.push('', `Example:  ${entry.example}`);
  if (entry.differences) lines.push('', ...wrap(`Unlike WinDbg: ${entry.differences}`));
  return lines.join('\n');
}

export function names(entry: CommandEntry): string {
  return [entry.name, ...(entry.aliases ?? [])].join(', ');
}

const LINE_WIDTH = 96;

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
