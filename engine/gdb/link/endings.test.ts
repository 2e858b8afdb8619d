import { describe, expect, test } from 'vitest';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import { codeOf, rig, waitFor } from '../testing/backend.ts';
import { compile } from '../testing/programs.ts';
import { testStub } from '../testing/stub.ts';

const spinner = compile(
  'stub-spinner.c',
  `#include <stdio.h>
volatile long counter;
int main(void) { puts("up"); fflush(stdout); for (;;) counter++; }
`,
);

async function started() {
  const stub = testStub();
  const one = await rig({ stub });
  await one.backend.launch({ program: spinner.path, args: [] });
  const ended = () => one.events.flatMap((event) => (event.type === 'stubEnded' ? [event.error.code] : []));
  return { ...one, stub, ended };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the way to a target ends', () => {
  test.each(['running', 'standing'])('gdbserver is killed, the target %s', async (state) => {
    const { backend, stub, ended, resume, outputHas } = await started();
    const going = state === 'running' ? codeOf(resume()) : null;
    if (going) await outputHas('up');
    stub.servers[0]?.kill('SIGKILL');
    if (going) expect(await going).toBe('STUB_DIED');
    await waitFor(() => ended().length > 0);
    expect(ended()).toEqual(['STUB_DIED']);
    expect(await backend.process()).toBeNull();
    expect(await codeOf(backend.threads())).toBe('NO_TARGET');
    // The machine is there still: another gdbserver does.
    expect(await backend.launch({ program: spinner.path, args: [] })).toMatchObject({ reason: 'initial' });
    await backend.kill();
    expect(ended()).toHaveLength(1);
  });

  const reasons: [string, () => HawserError][] = [
    ['LINK_LOST', () => connectionErrors.linkLost('it was reset')],
    ['SERVER_ENDED', () => connectionErrors.serverEnded()],
  ];
  test.each(reasons)('%s is told by the resume under way', async (code, reason) => {
    const { backend, stub, ended, resume, outputHas } = await started();
    const going = codeOf(resume());
    await outputHas('up');
    stub.cut(reason());
    expect(await going).toBe(code);
    await waitFor(() => ended().length > 0);
    expect(ended()).toEqual([code]);
    expect(await backend.process()).toBeNull();
  });

  test('GDB itself dying is none of these, and the target lives', async () => {
    const { backend, events, ended, resume, outputHas } = await started();
    const pid = (await backend.process())?.pid ?? 0;
    const going = codeOf(resume());
    await outputHas('up');
    process.kill(backend.gdbPid, 'SIGKILL');
    expect(await going).toBe('ENGINE_DIED');
    expect(events.filter(({ type }) => type === 'died')).toHaveLength(1);
    await backend.dispose();
    expect(ended()).toEqual([]);
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('the exit of a program is an exit', async () => {
    const exiting = compile('stub-seven.c', 'int main(void) { return 7; }');
    const stub = testStub();
    const { backend, events, resume } = await rig({ stub });
    for (let round = 0; round < 2; round += 1) {
      await backend.launch({ program: exiting.path, args: [] });
      expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 7 });
    }
    expect(stub.servers).toHaveLength(1);
    expect(events.some(({ type }) => type === 'stubEnded')).toBe(false);
  });
});

describe('a program that was started through a stub', () => {
  test('goes on when it is let go, broken into before', async () => {
    const { backend, resume, outputHas } = await started();
    const pid = (await backend.process())?.pid ?? 0;
    const going = resume();
    await outputHas('up');
    await backend.interrupt();
    expect(await going).toMatchObject({ reason: 'interrupt' });
    await backend.detach();
    expect(await backend.process()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test.each(['running', 'standing'])('goes on when the back end is disposed of, %s', async (state) => {
    const { backend, resume, outputHas } = await started();
    const pid = (await backend.process())?.pid ?? 0;
    const going = state === 'running' ? codeOf(resume()) : null;
    if (going) await outputHas('up');
    await backend.dispose();
    await going;
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('ends when it is killed', async () => {
    const { backend } = await started();
    const pid = (await backend.process())?.pid ?? 0;
    await backend.kill();
    await waitFor(() => !alive(pid));
    expect(await backend.process()).toBeNull();
  });

  test('is broken into at any time, fifty times', async () => {
    const { backend, resume, outputHas } = await started();
    for (let round = 0; round < 50; round += 1) {
      const going = resume();
      if (round === 0) await outputHas('up');
      else
        for (let turn = 0; turn < round / 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await backend.interrupt();
      expect(await going).toEqual({ reason: 'interrupt', thread: 0, breakpoints: [] });
    }
  });
});
