import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePainter, parseColorFile } from './colors.ts';
import { History } from './history.ts';
import { nameProblem, pipeOf, sessionOf } from './pipe-name.ts';
import { sessionCommand } from './session-commands.ts';
import { banner, connected, disconnected, popUp, shortTime, typed } from './words.ts';

const AFTERNOON = new Date(2024, 4, 16, 14, 5);
const ANN = { host: 'birch', user: 'ann' };

describe('words', () => {
  it('are Remote.exe’s', () => {
    expect(banner('CLIENT').split('\n')).toEqual([
      '**************************************',
      '***********     REMOTE    ************',
      '***********     CLIENT    ************',
      '**************************************',
      '',
    ]);
    expect(shortTime(AFTERNOON)).toBe('Thu 2:05 PM');
    expect(connected(ANN, AFTERNOON)).toBe('**Remote: Connected to BIRCH ann [Thu 2:05 PM]\n');
    expect(disconnected(ANN, AFTERNOON)).toBe('**Remote:  Disconnected from BIRCH ann  [Thu 2:05 PM]\n');
    expect(typed('@m text', ANN, AFTERNOON)).toBe('@m text     [BIRCH       Thu 2:05 PM]\n');
    expect(typed('@m text', null, AFTERNOON)).toBe('@m text     [Local       Thu 2:05 PM]\n');
    expect(popUp('text', ANN, AFTERNOON)).toBe('From BIRCH  [Thu 2:05 PM]\n text\n');
  });
});

describe('session commands', () => {
  it('are told from lines for the program', () => {
    expect(sessionCommand('@K')).toEqual({ kind: 'end' });
    expect(sessionCommand('@m  a b ')).toEqual({ kind: 'message', text: 'a b' });
    expect(sessionCommand('@p')).toEqual({ kind: 'popUp', text: '' });
    for (const line of ['@echo off', 'a @k', '@', '@kk', '@q now', ''])
      expect(sessionCommand(line)).toBeNull();
  });
});

describe('names', () => {
  it('come back from their pipes in lower case, and have a pipe of their own each', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((each) => nameProblem(each) === null);
    fc.assert(fc.property(name, (each) => sessionOf(pipeOf(each)) === each.toLowerCase()));
    fc.assert(
      fc.property(name, name, (a, b) => (pipeOf(a) === pipeOf(b)) === (a.toLowerCase() === b.toLowerCase())),
    );
    expect(pipeOf('My shell')).toMatch(/^remote\.my_20_shell$/);
    expect(sessionOf('MainPipe')).toBeNull();
  });
});

describe('history', () => {
  it('gives the last lines, however the text came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n') })),
        fc.nat(20),
        (pieces, count) => {
          const history = new History();
          for (const piece of pieces) history.add(piece);
          const lines = pieces.join('').split('\n');
          const open = lines.pop() ?? '';
          const last = count === 0 ? [] : lines.slice(-count);
          expect(history.last(count)).toBe(last.map((line) => `${line}\n`).join('') + open);
        },
      ),
    );
  });

  it('does not grow without end', () => {
    const history = new History();
    for (let at = 0; at < 300; at++) history.add(`${'x'.repeat(1000)}\n`.repeat(100));
    expect(history.last(100_000).length).toBeLessThan(17 << 20);
    expect(history.last(1)).toBe(`${'x'.repeat(1000)}\n`);
  });
});

describe('colours', () => {
  it('of a file are pairs of lines', () => {
    expect(parseColorFile('Error\nred, lwhite\n\n two words \nGREEN')).toEqual({
      keywords: [
        { phrase: 'error', text: 'red', background: 'lwhite' },
        { phrase: 'two words', text: 'green', background: null },
      ],
    });
    expect(parseColorFile('a\nred\nb')).toEqual({ line: 4, problem: "after 'b' must come a colour, not ''" });
    expect(parseColorFile('a\nred,blue,green')).toMatchObject({ line: 2 });
  });

  it('never lose or change text, in whatever pieces it comes', () => {
    const keywords = [{ phrase: 'ab', text: 'red', background: null } as const];
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n') })), (pieces) => {
        const painter = new LinePainter(keywords, { text: null, background: null });
        const shown = pieces.map((piece) => painter.paint(piece)).join('');
        // A line whose colour changes is drawn again from its start.
        const screen = shown.replace(escapes, '').replace(/[^\r\n]*\r/g, '');
        expect(screen).toBe(pieces.join(''));
      }),
    );
  });
});
