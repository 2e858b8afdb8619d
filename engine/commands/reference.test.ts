import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandReference } from './help/reference.ts';
import { commandTable } from './table.ts';

const FILE = fileURLToPath(new URL('../../docs/commands.md', import.meta.url));

describe('the command reference', () => {
  it('is what the table says', () => {
    const reference = commandReference(commandTable);
    if (process.env.UPDATE_REFERENCE) writeFileSync(FILE, reference);
    expect(readFileSync(FILE, 'utf8')).toBe(reference);
  });

  it('has every name once', () => {
    const names = commandTable.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
    expect(names).toEqual([...new Set(names)]);
  });

  it('says something of every command, with an example', () => {
    for (const entry of commandTable) {
      expect(entry.syntax.length, entry.name).toBeGreaterThan(0);
      expect(entry.summary, entry.name).toMatch(/\.$/);
      expect(entry.help, entry.name).toMatch(/\.$/);
      if (entry.family !== 'Not available here') expect(entry.example, entry.name).toBeTruthy();
    }
  });
});
