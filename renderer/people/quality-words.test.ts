import { expect, test } from 'vitest';
import { qualityWords } from './quality-words.ts';

test('the link in words', () => {
  expect(qualityWords({ roundTrips: [], losses: 0, retries: 0 })).toEqual({
    short: 'Round trip …, no retries',
    full: 'The link to the session was never lost.',
  });
  expect(qualityWords({ roundTrips: [3.14, 52.4, 0.41], losses: 2, retries: 1 })).toEqual({
    short: 'Round trip 0.4 ms, 1 retry',
    full: 'The link to the session was lost 2 times, 1 retry. Of the last 3 round trips the shortest took 0.4 ms, the longest 52 ms.',
  });
});
