import { withoutCoreFiles } from '../lib/core-files.mjs';
import { endLeftBehind, listOf } from './left-behind.mjs';

/** Before all of Vitest's workers. @returns what is to be done after them */
export function setup() {
  const mark = `${process.pid}-${Date.now()}`;
  process.env.HAWSER_TEST_RUN = mark;
  withoutCoreFiles();
  return async () => {
    // Of test files that did not come to their end.
    const left = await endLeftBehind(`HAWSER_TEST_FILE=${mark} `);
    if (left.length > 0) console.warn(`The tests left behind, ended now:\n${listOf(left)}`);
  };
}
