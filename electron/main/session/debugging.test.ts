import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compile } from '../../../engine/gdb/testing/programs.ts';
import { type TestStub, type TestStubOptions, testStub } from '../../../engine/gdb/testing/stub.ts';
import type { Stub, StubStatus } from '../../../engine/stub/stub.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { GuiState } from '../../ipc/contract.ts';
import { Machines } from '../machines/machines.ts';
import { Debugging } from './debugging.ts';
import { defaultStart } from './start-request.ts';

const identity = { host: 'rowan', user: 'ann', program: 'hawser windbg', version: '0.1.0' };
const connection = 'tcp:server=birch,port=1,password=fathom';
const wait = compile('waits.c', '#include <unistd.h>\nint main(void) { for (;;) pause(); }\n');

let stub: TestStub;
let closed = 0;
const listeners = new Set<(status: StubStatus) => void>();
let states: GuiState[] = [];

function say(status: StubStatus): void {
  for (const listener of [...listeners]) listener(status);
}
let debugging: Debugging;

/** A real gdbserver behind it; its link is as the test says. */
function reached(options?: TestStubOptions): Stub {
  const real = testStub(options);
  listeners.clear();
  stub = real;
  return Object.assign(Object.create(real), {
    connection: 'tcp:Port=1,Server=birch',
    onStatus: (listener: (status: StubStatus) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      closed++;
      await real.close();
    },
  }) as Stub;
}

function create(reach: ConstructorParameters<typeof Debugging>[2]): Debugging {
  debugging = new Debugging(
    identity,
    {
      stateChanged: (state) => states.push(state),
      factsChanged: () => {},
      linkChanged: () => {},
      info: () => {},
      warn: () => {},
    },
    reach,
  );
  return debugging;
}

const modes = () => states.map(({ mode }) => mode);
const launch = { kind: 'launch', program: wait.path, args: [] } as const;
const connect = () => debugging.connectStub({ connection, password: undefined }, 'refuse');
const open = async () => {
  await debugging.openTarget(launch, { options: defaultStart });
  await vi.waitFor(() => expect(debugging.facts.target?.kind).toBe('live'), 10_000);
};
const resting = (mode: GuiState['mode']) => vi.waitFor(() => expect(debugging.state.mode).toBe(mode), 10_000);

beforeEach(() => {
  states = [];
  closed = 0;
});
afterEach(() => debugging.shutDown('kill'));

describe('a stub and the sessions through it', () => {
  it('goes dormant → stub → session → stub → dormant, and never shows a password', async () => {
    create(async () => reached());
    await connect();
    expect(debugging.state).toMatchObject({
      mode: 'stub',
      stub: { machine: 'birch', connection: 'tcp:Port=1,Server=birch', link: { state: 'up' } },
    });
    await open();
    expect(debugging.state).toMatchObject({ mode: 'session', kind: 'local', stub: { machine: 'birch' } });
    await vi.waitFor(() =>
      expect(debugging.facts.target).toMatchObject({ machine: 'birch', run: 'stopped' }),
    );
    await debugging.stop('kill');
    await resting('stub');
    expect([closed, debugging.state]).toMatchObject([0, { notice: 'The session was ended.' }]);
    debugging.disconnect();
    expect(debugging.state).toMatchObject({
      mode: 'dormant',
      notice: 'Disconnected from tcp:Port=1,Server=birch.',
    });
    await vi.waitFor(() => expect(closed).toBe(1));
    const pure = modes().filter((mode, i) => mode !== modes()[i - 1]);
    expect(pure).toEqual(['starting', 'stub', 'starting', 'session', 'stub', 'dormant']);
    expect(JSON.stringify(states)).not.toContain('fathom');
  });

  it('stays with the stub when a target cannot be opened, and says why', async () => {
    create(async () => reached());
    await connect();
    const wrong = { ...launch, program: '/nonexistent/wheel' };
    const failed = debugging.openTarget(wrong, { options: defaultStart });
    await expect(failed).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
    expect(debugging.state.mode).toBe('stub');
    await expect(connect()).rejects.toMatchObject({ code: 'NOT_DORMANT' });
    const core = debugging.openTarget({ kind: 'core', core: '/tmp/core' }, { options: defaultStart });
    await expect(core).rejects.toMatchObject({ code: 'NOT_DORMANT' });
  });

  it('goes straight into the process that a bare stub has; dormant after it', async () => {
    create(async () => Object.assign(reached({ program: [wait.path] }), { attach: 'no', launch: 'no' }));
    await connect();
    expect(debugging.state).toMatchObject({ mode: 'session', stub: { kind: 'bare' } });
    expect(modes()).not.toContain('stub');
    await debugging.stop('kill');
    await resting('dormant');
    await vi.waitFor(() => expect(closed).toBe(1));
  });

  it('does not take the process of a bare stub for another that was asked for', async () => {
    create(async () => reached({ program: [wait.path] }));
    const start = { options: defaultStart, chosen: true };
    const failed = debugging.connectStub({ connection, password: undefined }, 'refuse', start);
    await expect(failed).rejects.toMatchObject({ code: 'STUB_HAS_PROCESS' });
    expect(debugging.state.mode).toBe('dormant');
    expect(closed).toBe(1);
  });

  it('can be cancelled while it connects; what comes late is closed', async () => {
    let arrive = (_stub: Stub) => {};
    create(
      () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    const attempt = connect();
    debugging.cancel();
    arrive(reached());
    await expect(attempt).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(debugging.state.mode).toBe('dormant');
    await vi.waitFor(() => expect(closed).toBe(1));
  });

  it('tells of a lost link with since and until, and of its return', async () => {
    create(async () => reached());
    await connect();
    const error = connectionErrors.linkLost('cut');
    say({ state: 'lost', error, until: 5 });
    const first = debugging.state;
    say({ state: 'lost', error, until: 6 });
    expect(debugging.state).toMatchObject({ mode: 'stub', stub: { link: { state: 'lost', until: 6 } } });
    const since = (state: GuiState) =>
      state.mode === 'stub' && state.stub.link.state === 'lost' && state.stub.link.since;
    expect(since(debugging.state)).toBe(since(first));
    say({ state: 'up' });
    expect(debugging.state).toMatchObject({ mode: 'stub', stub: { link: { state: 'up' } } });
  });

  it('goes dormant with the reason when the stub ends; a session stays readable until it is left', async () => {
    create(async () => reached());
    await connect();
    say({ state: 'ended', error: connectionErrors.serverEnded() });
    expect(debugging.state).toMatchObject({ mode: 'dormant', error: { code: 'SERVER_ENDED' } });

    await connect();
    await open();
    say({ state: 'ended', error: connectionErrors.serverEnded() });
    stub.cut(connectionErrors.serverEnded());
    expect(debugging.state.mode).toBe('session');
    await vi.waitFor(() => expect(debugging.facts.target?.kind).toBe('none'));
    expect(debugging.endsBy).toBe('detach');
    await debugging.stop('detach');
    await resting('dormant');
    expect(debugging.state).toMatchObject({ error: { code: 'SERVER_ENDED' } });
  });

  it('gives up a session whose link is lost', async () => {
    create(async () => reached());
    await connect();
    await open();
    say({ state: 'lost', error: connectionErrors.linkLost('cut'), until: Date.now() + 60_000 });
    debugging.disconnect();
    expect(debugging.state.mode).toBe('dormant');
    await vi.waitFor(() => expect(closed).toBe(1));
  });

  it('remembers how targets end, for that stub alone and until it is told to ask', async () => {
    create(async () => reached());
    await connect();
    await open();
    expect(debugging.endsBy).toBeNull();
    await debugging.stop('kill', true);
    await resting('stub');
    expect(debugging.state).toMatchObject({ ending: 'kill' });
    await open();
    expect(debugging.endsBy).toBe('kill');
    await debugging.stop('kill');
    await resting('stub');
    debugging.askEnding();
    expect(debugging.state).toMatchObject({ ending: null });
    await debugging.stop('kill');
    debugging.disconnect();
    expect(debugging.state).toMatchObject({ mode: 'dormant', ending: null });
  });

  it('knows the processes and the home folder before a dialog asks', async () => {
    create(async () => reached());
    const machines = new Machines(debugging, stub.machine);
    expect(() => machines.view('stub')).toThrow(expect.objectContaining({ code: 'NO_STUB' }));
    await connect();
    const view = machines.view('stub');
    await vi.waitFor(() => expect(view.knownFolder('')).not.toBeNull());
    await vi.waitFor(() => expect(view.knownProcesses).not.toBeNull());
    const before = stub.asked.length;
    expect(view.knownProcesses?.processes.some(({ pid }) => pid === process.pid)).toBe(true);
    expect(stub.asked.length).toBe(before);
    const [one, two] = [view.processes(), view.processes()];
    expect(one).toBe(two);
    await one;
  });
});
