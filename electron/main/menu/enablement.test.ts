import { describe, expect, it } from 'vitest';
import type { TargetState } from '../../../engine/protocol/session.ts';
import type { GuiState, StubFacts } from '../../ipc/contract.ts';
import { enablement, type MenuSituation } from './enablement.ts';
import { type EntryId, windowEntries } from './entries.ts';

const target = (run: TargetState['run'], kind: TargetState['kind'] = 'live'): TargetState => ({
  run,
  kind,
  prompt: '0:000> ',
  process: null,
  thread: null,
  machine: 'birch',
  description: '',
  queued: 0,
});

const stub: StubFacts = {
  kind: 'processServer',
  connection: 'tcp:Port=1,Server=x',
  machine: 'birch',
  attach: true,
  launch: true,
  link: { state: 'up' },
};

const states = {
  dormant: { mode: 'dormant', notice: null, error: null, ending: null },
  starting: { mode: 'starting', what: 'Connecting', stub: null },
  stub: { mode: 'stub', stub, notice: null, error: null, ending: null },
  session: {
    mode: 'session',
    kind: 'remote',
    connection: 'tcp:Port=1,Server=x',
    title: 'x',
    stub: null,
    ending: null,
  },
  linkLost: {
    mode: 'linkLost',
    connection: 'tcp:Port=1,Server=x',
    error: { code: 'LINK_LOST', message: '', action: '', data: {} },
    reconnecting: false,
    retryIn: null,
  },
} satisfies Record<string, GuiState>;

function usable(gui: GuiState, more: Partial<MenuSituation> = {}): EntryId[] {
  const all = enablement({ gui, target: null, viewer: false, modal: false, hasRecent: true, ...more });
  return (Object.keys(all) as EntryId[]).filter((id) => all[id]);
}

const toStart: EntryId[] = [
  'openExecutable',
  'attachProcess',
  'openCore',
  'connectRemote',
  'connectStub',
  'recent',
  'kernelDebug',
];
const toRead: EntryId[] = ['copyAll', 'find', 'findNext', 'clearCommandWindow', ...windowEntries];
const toRun: EntryId[] = ['go', 'stepInto', 'stepOver', 'stepOut'];
const toMeet: EntryId[] = ['shareSession', 'servers', 'clients', 'commandHelp'];
const sorted = (...ids: EntryId[][]) => ids.flat().sort();

describe('enablement', () => {
  it('starts something only when dormant', () => {
    expect(usable(states.dormant).sort()).toEqual(sorted(toStart));
    for (const gui of [states.starting, states.session, states.linkLost]) {
      const entries = usable(gui, { target: target('stopped') });
      for (const id of toStart) expect(entries).not.toContain(id);
    }
  });

  it('attaches, opens and disconnects with a stub, as far as the stub can, and nothing else', () => {
    expect(usable(states.stub).sort()).toEqual(sorted(['attachProcess', 'disconnectStub', 'openExecutable']));
    const bare: GuiState = { ...states.stub, stub: { ...stub, attach: 'it cannot' } };
    expect(usable(bare).sort()).toEqual(sorted(['disconnectStub', 'openExecutable']));
    expect(usable(states.stub, { modal: true })).toEqual([]);
  });

  it('touches no programs and files of this machine in secure mode, nor lets a target go', () => {
    expect(usable(states.dormant, { secure: true }).sort()).toEqual(
      sorted(['connectRemote', 'connectStub', 'kernelDebug', 'recent']),
    );
    const entries = usable(states.session, { target: target('stopped'), secure: true });
    for (const id of ['restart', 'stopDebugging']) expect(entries).not.toContain(id);
    expect(entries).toContain('go');
  });

  it('has no recent entries where there are none', () => {
    expect(usable(states.dormant, { hasRecent: false })).not.toContain('recent');
  });

  it('runs and steps a stopped target, breaks into a running one', () => {
    expect(usable(states.session, { target: target('stopped') }).sort()).toEqual(
      sorted(toRead, toMeet, toRun, ['restart', 'stopDebugging']),
    );
    expect(usable(states.session, { target: target('running') }).sort()).toEqual(
      sorted(toRead, toMeet, ['break', 'restart', 'stopDebugging']),
    );
    expect(usable(states.session, { target: target('busy') }).sort()).toEqual(
      sorted(toRead, toMeet, ['break', 'stopDebugging']),
    );
  });

  it('restarts no kernel', () => {
    const kernel = { ...target('stopped'), kernel: true } as const;
    expect(usable(states.session, { target: kernel }).sort()).toEqual(
      sorted(toRead, toMeet, toRun, ['stopDebugging']),
    );
  });

  it('never runs a core file', () => {
    const entries = usable(states.session, { target: target('stopped', 'core') });
    for (const id of [...toRun, 'restart']) expect(entries).not.toContain(id);
  });

  it('lets a viewer read and leave', () => {
    expect(usable(states.session, { target: target('running'), viewer: true }).sort()).toEqual(
      sorted(toRead, ['servers', 'clients', 'commandHelp', 'stopDebugging']),
    );
  });

  it('keeps a lost session readable', () => {
    expect(usable(states.linkLost).sort()).toEqual(sorted(toRead, ['stopDebugging']));
  });

  it('leaves only Break while a dialog is open', () => {
    expect(usable(states.session, { target: target('running'), modal: true })).toEqual(['break']);
    expect(usable(states.dormant, { modal: true })).toEqual([]);
  });
});
