import { describe, expect, it } from 'vitest';
import type { ListedProcess } from '../../electron/ipc/contract.ts';
import { chosenAfterFilter, filtered, firstSorting, readPid, sorted, startedWords } from './process-rows.ts';

const process = (pid: number, name: string, more: Partial<ListedProcess> = {}): ListedProcess => ({
  pid,
  name,
  user: 'ann',
  commandLine: `/usr/bin/${name}`,
  architecture: 'x86_64',
  started: pid * 1000,
  obstacle: null,
  ...more,
});
const list = [
  process(10, 'wheel', { commandLine: './wheel --spokes 36' }),
  process(9, 'Bosun', { user: 'root', obstacle: 'it belongs to root' }),
  process(100, 'anchor'),
];
const pids = (rows: readonly ListedProcess[]) => rows.map(({ pid }) => pid);

describe('the process list', () => {
  it('filters by name, number, user and command line, all words', () => {
    expect(pids(filtered(list, ''))).toEqual([10, 9, 100]);
    expect(pids(filtered(list, 'WHEEL'))).toEqual([10]);
    expect(pids(filtered(list, '10'))).toEqual([10, 100]);
    expect(pids(filtered(list, 'root'))).toEqual([9]);
    expect(pids(filtered(list, ' spokes  ann '))).toEqual([10]);
    expect(pids(filtered(list, 'spokes root'))).toEqual([]);
  });

  it('sorts numbers as numbers, names whatever their case, and back', () => {
    expect(pids(sorted(list, { by: 'pid', down: false }))).toEqual([9, 10, 100]);
    expect(pids(sorted(list, { by: 'name', down: false }))).toEqual([100, 9, 10]);
    expect(pids(sorted(list, { by: 'user', down: false }))).toEqual([10, 100, 9]);
    expect(pids(sorted(list, firstSorting('started')))).toEqual([100, 10, 9]);
    expect(pids(list)).toEqual([10, 9, 100]);
  });

  it('keeps what is chosen while it is shown; else takes the first that may be touched', () => {
    expect(chosenAfterFilter(list, 100)).toBe(100);
    expect(
      chosenAfterFilter(
        [list[1], list[2]].flatMap((row) => row ?? []),
        10,
      ),
    ).toBe(100);
    expect(chosenAfterFilter(filtered(list, 'root'), 10)).toBe(9);
    expect(chosenAfterFilter([], 10)).toBeNull();
  });

  it('reads a number as ps shows it, or hexadecimal', () => {
    expect([
      readPid(' 1234 '),
      readPid('0x4d2'),
      readPid('12a'),
      readPid('0'),
      readPid('99999999999'),
    ]).toEqual([1234, 1234, null, null, null]);
  });

  it('says the time alone of today, and nothing where it is not known', () => {
    const now = new Date(2026, 10, 21, 12).getTime();
    expect(startedWords(0, now)).toBe('');
    expect(startedWords(now, now)).not.toContain('2026');
    expect(startedWords(now - 86_400_000, now)).toContain('2026');
  });
});
