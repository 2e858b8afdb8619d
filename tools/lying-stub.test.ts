import { afterEach, describe, expect, it } from 'vitest';
import { Liar, type Lie } from '../engine/stub/testing/liar.ts';
import { gdbserver } from '../engine/stub/testing/stubs.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { childrenOf } from './testing/processes.ts';
import { ticker } from './testing/programs.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Its answer to one kind of request is another; to all else it tells the truth. */
const to = (request: RegExp, tell: (answer: string) => string | null): Lie => {
  return (asked, answer) => (request.test(asked) ? tell(answer) : answer);
};

const LIES: readonly (readonly [string, Lie])[] = [
  ['registers that are cut short', to(/^g$/, (answer) => answer.slice(0, 40))],
  ['more memory than was asked for', to(/^m/, (answer) => answer.repeat(3))],
  ['memory that is no hexadecimal', to(/^[mx]/, () => 'zz!!')],
  ['threads that are none', to(/threads:read|^qfThreadInfo/, () => 'lthis is <not a list')],
  ['a description of registers that is no XML', to(/features:read/, () => 'l<target><<<')],
  [
    'an object that never ends',
    to(/libraries-svr4:read|auxv:read/, (answer) => `m${'x'.repeat(Math.max(1, answer.length))}`),
  ],
  [
    'a stop of a thread that it does not have',
    to(/^\?$|^vCont/, (answer) => answer.replace(/thread:[^;]*/, 'thread:p1.7fff')),
  ],
  [
    'a larger packet than there can be',
    to(/^qSupported/, (answer) => answer.replace(/PacketSize=\w+/, 'PacketSize=ffffffffffff')),
  ],
  ['a process that it does not have', to(/^qC$|^qAttached|^\?$/, () => 'QCp7ffffff.7ffffff')],
];

describe('a stub that lies', () => {
  it.each(LIES)(
    'with %s: it is told or believed, and the debugger is there to the end',
    async (_what, lie) => {
      const stub = await gdbserver(ticker());
      // It would run on when gdbserver is killed.
      for (const pid of childrenOf(stub.process.pid)) ends.push(() => void process.kill(pid, 'SIGKILL'));
      const liar = await Liar.start(stub.port, lie);
      ends.push(() => liar.close());
      const debug = new ConsoleProcess(['cdb', '-premote', `gdb:server=127.0.0.1,port=${liar.port}`]);
      ends.push(async () => {
        debug.kill('SIGKILL');
        await debug.exited();
      });
      debug.type('r', 'k', '~', 'lm', 'db @rsp', 't', '.echo still here', 'q');
      debug.endInput();
      const status = await debug.exited();
      const said = debug.stdout + debug.stderr;
      expect(liar.lies).toBeGreaterThan(0);
      // It came to its end by itself: at the prompt, or with an error that names cause and action.
      expect([0, 1]).toContain(status);
      if (status === 0) expect(said).toMatch(/still here$/m);
      else expect(debug.stderr).toMatch(/^.+\.\n.+\.$/m);
      expect(said).not.toMatch(/at .*\(.*\.ts:\d+|TypeError|RangeError|Cannot read prop/);
    },
  );
});
