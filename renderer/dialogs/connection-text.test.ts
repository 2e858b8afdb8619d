import { expect, test } from 'vitest';
import { asteriskIn, backslashProblem, markWord } from './connection-text.ts';

test('backslashes before the server are refused, and pointed at', () => {
  const text = 'tcp:port=5005,Server = \\\\BIRCH';
  const problem = backslashProblem(text);
  expect(problem && text.slice(problem.offset, problem.offset + problem.length)).toBe('\\\\');
  expect(backslashProblem('tcp:server=\\BIRCH,port=1')?.length).toBe(1);
});

test('backslashes elsewhere are not', () => {
  expect(backslashProblem('tcp:server=BIRCH,port=5005,password=a\\b')).toBeNull();
  expect(backslashProblem('')).toBeNull();
});

test('a word is cut out within the text, also when the place is beyond it', () => {
  expect(markWord('tcp:prt=1', 4, 3)).toEqual({ before: 'tcp:', word: 'prt', after: '=1' });
  expect(markWord('tcp:', 4, 0)).toEqual({ before: 'tcp:', word: '', after: '' });
  expect(markWord('tcp', 9, 5)).toEqual({ before: 'tcp', word: '', after: '' });
});

test('the asterisk that stands for a password is found, and no other', () => {
  const found = (text: string) => {
    const place = asteriskIn(text);
    return place && [place.from, text.slice(place.from, place.to), place.to - text.length];
  };
  expect(found('tcp:Port=5005,Server=birch,Password=*')).toEqual([36, '*', 0]);
  expect(found('tcp:password=*,port=5005')).toEqual([13, '*', -10]);
  for (const none of ['tcp:port=1', 'tcp:port=1,password=*x', 'tcp:port=1,password="*"', '*'])
    expect(found(none)).toBeNull();
});
