import { afterAll, expect } from 'vitest';
import { endLeftBehind, listOf } from './left-behind.mjs';

const mark = `${process.env.HAWSER_TEST_RUN} ${expect.getState().testPath}`;
process.env.HAWSER_TEST_FILE = mark;

// The first to be registered is the last to run.
afterAll(async () => {
  const left = await endLeftBehind(`HAWSER_TEST_FILE=${mark}\0`);
  if (left.length > 0) throw new Error(`The tests of this file left behind, ended now:\n${listOf(left)}`);
});
