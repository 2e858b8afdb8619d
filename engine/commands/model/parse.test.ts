import { describe, expect, it } from 'vitest';
import { CancelFlag } from '../cancel.ts';
import { Breath } from '../flow/breath.ts';
import { evaluateModel } from './evaluate.ts';
import { parseModel } from './parse.ts';
import { collection, type ModelValue, objectOf, plainText } from './value.ts';

const people = collection(async () => [
  [
    '0x0',
    objectOf(
      [
        ['Name', 'ann'],
        ['Age', 30n],
      ],
      'ann',
    ),
  ],
  [
    '0x1',
    objectOf(
      [
        ['Name', 'bob'],
        ['Age', 40n],
      ],
      'bob',
    ),
  ],
  [
    '0x2',
    objectOf(
      [
        ['Name', 'cid'],
        ['Age', 30n],
      ],
      'cid',
    ),
  ],
]);
const names = new Map<string, ModelValue>([['all', people]]);
const value = async (text: string): Promise<string> =>
  plainText(await evaluateModel(parseModel(text), { names, breath: new Breath(new CancelFlag()) }));

describe('expressions over the object model', () => {
  it.each([
    ['1 + 2 * 3 - -4', '0xb'],
    ['(1 + 2) * 3 == 9 && !(2 > 3)', 'true'],
    ['"a" + 1 + "\\"b"', 'a0x1"b'],
    ['"Hello".ToLower().StartsWith("he")', 'true'],
    ['"Hello".Length', '0x5'],
    ['all.Count()', '0x3'],
    ['all.Count(p => p.Age == 30)', '0x2'],
    ['all.Where(p => p.Age > 30).First()', 'bob'],
    ['all.OrderByDescending(p => p.Name).First().Name', 'cid'],
    ['all.OrderBy(p => p.Age).Last().Name', 'bob'],
    ['all.Select(p => p.Age).Sum()', '0x64'],
    ['all.Select(p => p.Age).Distinct().Count()', '0x2'],
    ['all.Skip(1).Take(1).First().name', 'bob'],
    ['all[1].Name', 'bob'],
    ['all.Any(p => p.Name.Contains("i")) || all.All(p => p.Age == 1)', 'true'],
    ['all.Select(p => new { Twice = p.Age * 2 }).Max(p => p.Twice)', '0x50'],
    ['all.Select(p => all.Count(q => q.Age == p.Age)).Contains(2)', 'true'],
  ])('%s is %s', async (text, wanted) => {
    expect(await value(text)).toBe(wanted);
  });

  it.each(['', 'all.', 'all[', 'all.Where(', '1 +', 'new { A }', 'all.Count())', '"open'])(
    'what is malformed is an error: %s',
    async (text) => {
      await expect(value(text)).rejects.toMatchObject({ code: expect.stringMatching(/SYNTAX|OPERAND/) });
    },
  );

  it('a long row of operators is evaluated, a longer one refused', async () => {
    expect(await value(`${'1+'.repeat(2000)}1`)).toBe('0x7d1');
    await expect(value(`${'1+'.repeat(3000)}1`)).rejects.toMatchObject({ code: 'TOO_MUCH' });
  });

  it.each(['!', '-', '(', '1+', 'a.b(', '['])('so is what is too deep: %s', async (sign) => {
    await expect(value(sign.repeat(800))).rejects.toMatchObject({ code: 'SYNTAX' });
  });

  it.each([
    'nobody',
    'all.Nothing()',
    'all[9]',
    'all.Where(p => p.Nose).First()',
    '1 / 0',
    'all.Take(0).First()',
    '1.Count()',
  ])('what does not exist is an error: %s', async (text) => {
    await expect(value(text)).rejects.toMatchObject({ code: 'OPERAND' });
  });
});
