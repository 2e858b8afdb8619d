import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const FOLDERS = ['engine', 'tools', 'e2e'];

const TEXT = String.raw`(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|${'`'}((?:[^${'`'}\\]|\\.)*)${'`'})`;
/** Lines given to what types them, and, wherever they stand, those that begin as only commands do: `.clients`, `!pte @rip`. */
const LINES = new RegExp(
  String.raw`(?:\b(?:run|outcome|transcript|shown|execute|type|enter)\(\s*|(?=['"${'`'}][.!][a-z_]+\b))${TEXT}`,
  'g',
);

export interface TypedLine {
  /** `events.test.ts`. */
  readonly test: string;
  readonly line: string;
}

/** The command lines that tests other than the transcripts give to real debuggers, read from their sources. */
export function typedLines(): readonly TypedLine[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ).filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'));
  return files.sort().flatMap((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    return [...source.matchAll(LINES)].map(([, single, double, template]) => ({
      test: file.slice(file.lastIndexOf('/') + 1),
      line: unescaped(single ?? double ?? template ?? ''),
    }));
  });
}

function unescaped(text: string): string {
  return text
    .replace(/\$\{[^}]*\}/g, 'x')
    .replace(/\\n/g, '\n')
    .replace(/\\(.)/g, '$1');
}
