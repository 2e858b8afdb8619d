import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CommandNames } from './names.ts';
import { commandTable } from './table.ts';
import { conformancePage, coverage } from './testing/conformance/page.ts';
import { rules } from './testing/conformance/rules.ts';
import { typedLines } from './testing/conformance/typed-lines.ts';
import { Console } from './testing/console.ts';
import { transcripts } from './testing/transcripts/all.ts';

const names = new CommandNames(commandTable);
const windbgs = readFileSync(new URL('testing/windbg-names.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const refused = commandTable.filter(({ family }) => family === 'Not available here');

describe("WinDbg's commands", () => {
  it('have an entry each', () => {
    const missing = windbgs.filter((name) => {
      const match = names.find(name, 0, name.length);
      // `~s` and its like are read by the interpreter.
      return !match && !commandTable.some((entry) => entry.name === name);
    });
    expect(missing).toEqual([]);
    expect(windbgs.length).toBeGreaterThan(250);
    expect(new Set(windbgs).size).toBe(windbgs.length);
  });

  it('are there, or are refused because they have no meaning here or are still to come', () => {
    const known = new Set(windbgs);
    expect(refused.filter(({ name }) => !known.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it.each(refused.filter(({ name }) => !name.startsWith('~')).map(({ name, help }) => [name, help]))(
    '%s says why not, and what comes nearest',
    async (name, help) => {
      const console = new Console();
      expect(await console.outcome(`${name} x`)).toEqual({ ok: false });
      const [why = '', instead = ''] = console.take().split('\n');
      expect(why.startsWith(`${name} is not available: `)).toBe(true);
      expect(instead).toBe(help);
      const nearest = instead.split(' ')[0] ?? '';
      const match = names.find(nearest, 0, nearest.length);
      expect(match?.name).toBe(nearest);
      expect(match?.entry.family).not.toBe('Not available here');
    },
  );
});

describe('docs/conformance.md', () => {
  const file = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url));

  it('is what the tests say', () => {
    const page = conformancePage(commandTable, transcripts, typedLines());
    if (process.env.UPDATE_REFERENCE) writeFileSync(file, page);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it('has a test for every command, and a transcript for every rule', () => {
    const covered = coverage(commandTable, transcripts, typedLines());
    const without = [...covered].filter(
      ([{ family }, { forms, tests }]) =>
        family !== 'Not available here' && forms.length === 0 && tests.length === 0,
    );
    expect(without.map(([{ name }]) => name)).toEqual([]);
    const shown = new Set(transcripts.flatMap((transcript) => transcript.rules ?? []));
    expect(Object.keys(rules).filter((rule) => !shown.has(rule as keyof typeof rules))).toEqual([]);
  });
});
