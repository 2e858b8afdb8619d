import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('./', import.meta.url);
const parts = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));

/** The names that a part defines at its top level. */
function defined(part: string): readonly string[] {
  const source = readFileSync(new URL(part, FOLDER), 'utf8');
  return [...source.matchAll(/^(?:def|class)\s+(\w+)|^(\w+)(?::[^=\n]+)?\s*=(?!=)/gm)].map(
    ([, name, variable]) => name ?? variable ?? '',
  );
}

describe("the parts of GDB's Python", () => {
  it('share one name space, and so define each name once', () => {
    const places = new Map<string, string[]>();
    for (const part of parts)
      for (const name of defined(part)) places.set(name, [...(places.get(name) ?? []), part]);
    const twice = [...places].filter(([, where]) => where.length > 1);
    expect(twice).toEqual([]);
    expect(places.size).toBeGreaterThan(100);
  });

  it('are all loaded', () => {
    const helper = readFileSync(new URL('../helper.ts', FOLDER), 'utf8');
    expect(parts.filter((part) => !helper.includes(`'./python/${part}?raw'`))).toEqual([]);
  });
});
