import { expect, test } from 'vitest';
import { backslashProblem, markWord } from './connection-text.ts';

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
