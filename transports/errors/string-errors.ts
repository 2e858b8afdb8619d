import type { HawserError } from './error.ts';
import { make } from './make.ts';

/** A place in a connection string, in UTF-16 units, so that a front can underline it. */
export interface StringProblem {
  readonly offset: number;
  readonly length: number;
  /** The offending text itself; `*` in place of a password's. */
  readonly word: string;
  /** What is wrong with it, a sentence. */
  readonly reason: string;
}

const listed = (names: readonly string[]) => names.map((name) => `${name}:`).join(', ');

/** What is wrong with a connection string as typed. `data` is a {@link StringProblem}. */
export const stringErrors = {
  badConnectionString(problem: StringProblem): HawserError {
    return make(
      'BAD_CONNECTION_STRING',
      problem.word
        ? `The connection string is wrong at "${problem.word}" (character ${problem.offset + 1}): ${problem.reason}`
        : `The connection string is wrong at character ${problem.offset + 1}: ${problem.reason}`,
      '',
      { ...problem },
    );
  },

  /** A protocol that connection strings have and this build cannot carry. */
  unsupportedProtocol(problem: Omit<StringProblem, 'reason'>, supported: readonly string[]): HawserError {
    const reason = `This build of Hawser has no transport for ${problem.word}:.`;
    return make('UNSUPPORTED_PROTOCOL', reason, `Use one that it has: ${listed(supported)}.`, {
      ...problem,
      reason,
      protocol: problem.word,
      supported,
    });
  },
} as const;
