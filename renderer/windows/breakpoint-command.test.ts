import { expect, test } from 'vitest';
import type { BreakpointRow } from '../../engine/protocol/views.ts';
import { breakpointCommand } from './breakpoint-command.ts';

const row: BreakpointRow = {
  id: 3,
  kind: 'bp',
  enabled: true,
  place: 'loop!work+0x4',
  address: '0x401136',
  source: null,
  access: '',
  hits: 2,
  passes: 1,
  oneShot: false,
  thread: null,
  condition: '/c 3',
  when: '',
  depth: '/c 3',
  expression: 'work+4',
  commands: 'k; g',
};

test.each([
  [row, { when: 'n == "x"[0]' }, 'bp3 /c 3 /w "n == \\"x\\"[0]" 0x401136 "k; g"'],
  [row, { passes: 12 }, 'bp3 /c 3 0x401136 0n12 "k; g"'],
  [row, { thread: 1, oneShot: true }, '~1 bp3 /1 /c 3 0x401136 "k; g"'],
  [row, { commands: 'r "rax"' }, 'bs 3 "r \\"rax\\""'],
  [row, { commands: '' }, 'bs 3 ""'],
  [{ ...row, enabled: false, commands: '' }, { passes: 2 }, 'bp3 /c 3 0x401136 2; bd 3'],
  [{ ...row, kind: 'ba', access: 'w4', depth: '' }, { passes: 2 }, 'ba3 w 4 0x401136 2 "k; g"'],
  [{ ...row, kind: 'bu', address: null, depth: '' }, { when: 'a' }, 'bu3 /w "a" work+4 "k; g"'],
  [row, { expression: 'main' }, 'bp3 /c 3 main "k; g"'],
] as const)('%#', (from, change, command) => {
  expect(breakpointCommand(from, change)).toBe(command);
});
