import type { Environment } from '../context.ts';
import { readHostText } from '../host-files.ts';
import type { Span } from '../syntax/scan.ts';
import type { Statement } from '../syntax/statement.ts';
import type { Frame } from './frame.ts';

interface Means {
  readonly run: (span: Span) => Promise<unknown>;
  readonly evaluate: (span: Span) => Promise<bigint>;
}

/** What `.foreach` goes through: its words, less those that `/pS` and `/ps` leave out. */
export async function foreachTokens(
  statement: Extract<Statement, { kind: 'foreach' }>,
  line: string,
  frame: Frame,
  environment: Environment,
  { run, evaluate }: Means,
): Promise<readonly string[]> {
  const { source, skipFirst, skipBetween } = statement;
  const first = skipFirst ? toCount(await evaluate(skipFirst)) : 0;
  const between = skipBetween ? toCount(await evaluate(skipBetween)) : 0;
  const written = line.slice(source.start, source.end);
  const text =
    statement.from === 'string'
      ? written
      : statement.from === 'file'
        ? await readHostText(environment.state, frame.caller, written, '.foreach /f', source.start)
        : await environment.capture.during(() => run(source));
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.filter((_, index) => index >= first && (index - first) % (between + 1) === 0);
}

const toCount = (value: bigint): number => Number(BigInt.asUintN(31, value));
