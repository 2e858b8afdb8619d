import { expect, it, vi } from 'vitest';
import { MiConnection } from '../gdb/mi/connection.ts';
import { Console } from './testing/console.ts';
import { goldenProgram } from './testing/golden-programs.ts';

/** Each asks for something of its own. */
const LOOKS = [
  ...['k', 'kb', 'kp', '~*k', '!uniqstack', 'dv', 'dv /t /v', '.frame 1', '.frame 0'],
  ...['r', 'r xmm0', 'rF', 'u . L4', 'ub . L2', 'uf loop!work', 'ln .', 'lsa . , 0, 3'],
  ...[
    'db loop!g_message',
    'dps @rsp L8',
    'dpa loop!g_name L1',
    'dt node',
    'dt node poi(g_head)',
    'dt g_head',
  ],
  ...['?? g_count', '?? g_table[1] <= 3', '? loop!g_count', 'dx *g_head', 'dx @$curprocess.Threads'],
  ...[
    'lm',
    'lmv m loop',
    'x loop!*',
    'x /t /v loop!g_*',
    '~',
    '|',
    '!address loop!g_count',
    '!peb',
    '!teb',
    '!dlls',
    '!locks',
  ],
];

it('nothing is read twice between two stops', { timeout: 120_000 }, async () => {
  const console = new Console();
  await console.start({ kind: 'launch', program: goldenProgram('loop').path, args: ['3'] });
  await console.run('g loop!recurse');
  const send = vi.spyOn(MiConnection.prototype, 'send');
  const asked = async (line: string): Promise<readonly string[]> => {
    send.mockClear();
    await console.run(line);
    return send.mock.calls.map(([command]) => String(command).slice(0, 200));
  };
  const first = new Map<string, string>();
  for (const line of LOOKS) first.set(line, await console.run(line));
  for (const line of LOOKS) {
    expect(await asked(line), line).toEqual([]);
    expect(await console.run(line), line).toBe(first.get(line));
  }
  // What may have changed is read anew: by an assignment, by what writes, by a step.
  for (const change of [
    '?? g_count = 7',
    '?? g_count++',
    '?? g_count <<= 1',
    'ed loop!g_count 9',
    'r rax = 1',
    'p',
  ]) {
    await console.run(change);
    expect((await asked('?? g_count')).length, change).toBeGreaterThan(0);
  }
  expect(await console.run('?? g_count')).toBe('int 0n9\n');
});
