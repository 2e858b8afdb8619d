import { describe, expect, it } from 'vitest';
import { type OptionSpec, parseOptions, UsageError } from './options.ts';

const specs: readonly OptionSpec[] = [
  { names: ['server'], value: 'CONNECTION', help: '', caseSensitive: true, first: true },
  { names: ['p'], value: 'PID', help: '' },
  { names: ['g'], help: '', caseSensitive: true },
  { names: ['G'], help: '', caseSensitive: true },
  { names: ['noio'], help: '' },
];

describe('parseOptions', () => {
  it.each(['-', '/', '\u2013'])('takes options that begin with %s', (dash) => {
    const parsed = parseOptions([`${dash}server`, 'tcp:port=1', `${dash}NOIO`, '/bin/ls', '-l'], specs);
    expect([...parsed.values]).toEqual([
      ['server', 'tcp:port=1'],
      ['noio', ''],
    ]);
    expect(parsed.rest).toEqual(['/bin/ls', '-l']);
  });

  it('keeps -g and -G apart, and takes them run together', () => {
    expect([...parseOptions(['-G', 'x'], specs).values.keys()]).toEqual(['G']);
    expect([...parseOptions(['-gG', 'x'], specs).values.keys()]).toEqual(['g', 'G']);
  });

  it.each([
    [['-x'], "Unknown option '-x'."],
    [['-p'], "'-p' needs a value: PID."],
    [['-g', '-server', 'tcp:port=1'], "'-server' must be the first option."],
    [['-g', '-g'], "'-g' is given twice."],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv, specs)).toThrow(new UsageError(message));
  });
});
