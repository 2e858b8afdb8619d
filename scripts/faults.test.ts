import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faults } from './faults/list.mjs';
import { parseResult, resultsIn, tables, titlesIn, withTables } from './faults/table.mjs';

const root = resolve(import.meta.dirname, '..');
const page = () => readFileSync(join(root, 'docs/reliability.md'), 'utf8');

describe('the list of faults', () => {
  it('has at least forty, each with a name of its own', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThanOrEqual(40);
  });

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s: its test exists',
    (_name, { file, test }) => {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(titlesIn(readFileSync(join(root, file), 'utf8'))).toContain(test);
    },
  );

  it('finds titles as tests are written, and none elsewhere', () => {
    const source = `
it('one', async () => {});
  test("two's", () => {});
it.each([1, 2])('three %i', () => {});
  it.each([
    ['not this', 1],
  ])('four', LONG, async () => {});
  it(\`five \${N}\`, () => {});
expect('not that');
`;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as titles stand in files
    expect(titlesIn(source)).toEqual(['one', "two's", 'three %i', 'four', 'five ${N}']);
  });
});

describe('docs/reliability.md', () => {
  it('has the rows of the list, with results of runs in which nothing failed', () => {
    const results = resultsIn(page());
    for (const { name } of faults) expect(results.get(name), name).toMatch(/^(held|skipped: .+|not run)$/);
    const same = tables(({ name }) => parseResult(results.get(name)));
    expect(withTables(page(), same)).toBe(page());
  });
});
