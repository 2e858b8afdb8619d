import { describe, expect, it } from 'vitest';
import type { TargetState } from '../../../engine/protocol/session.ts';
import { type ActionId, actionIds, actions, type Condition } from '../../ipc/actions.ts';
import type { GuiState, StubFacts } from '../../ipc/contract.ts';
import { conditions, enablement, type Situation } from './enablement.ts';

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

const nothing = { target: null, viewer: false, modal: false, hasRecent: true };

function holding(gui: GuiState, more: Partial<Situation> = {}): string[] {
  const all = conditions({ gui, ...nothing, ...more });
  const plain = Object.entries(all).filter(([name]) => name !== 'always' && name !== 'free');
  return plain
    .filter(([, holds]) => holds)
    .map(([name]) => name)
    .sort();
}

function usable(gui: GuiState, more: Partial<Situation> = {}): ActionId[] {
  const all = enablement({ gui, ...nothing, ...more });
  return actionIds.filter((id) => all[id]);
}

const toStart: Condition[] = ['attach', 'dormant', 'openCore', 'openProgram', 'recent'];
const toMeet: Condition[] = ['session', 'share', 'text'];
const sorted = (...names: string[][]) => names.flat().sort();

describe('conditions', () => {
  it('start something only when dormant', () => {
    expect(holding(states.dormant)).toEqual(sorted(toStart));
    for (const gui of [states.starting, states.session, states.linkLost])
      for (const name of toStart) expect(holding(gui, { target: target('stopped') })).not.toContain(name);
  });

  it('attach, open and disconnect with a stub, as far as the stub can, and nothing else', () => {
    expect(holding(states.stub)).toEqual(['attach', 'openProgram', 'stub']);
    const bare: GuiState = { ...states.stub, stub: { ...stub, attach: 'it cannot' } };
    expect(holding(bare)).toEqual(['openProgram', 'stub']);
    expect(holding(states.stub, { modal: true })).toEqual([]);
  });

  it('touch no programs and files of this machine in secure mode, nor let a target go', () => {
    expect(holding(states.dormant, { secure: true })).toEqual(['dormant', 'recent']);
    const names = holding(states.session, { target: target('stopped'), secure: true });
    for (const name of ['restart', 'stop']) expect(names).not.toContain(name);
    expect(names).toContain('run');
  });

  it('have no recent entries where there are none', () => {
    expect(holding(states.dormant, { hasRecent: false })).not.toContain('recent');
  });

  it('run and step a stopped target, break into a running one', () => {
    expect(holding(states.session, { target: target('stopped') })).toEqual(
      sorted(toMeet, ['commands', 'detach', 'restart', 'run', 'stop']),
    );
    expect(holding(states.session, { target: target('running') })).toEqual(
      sorted(toMeet, ['break', 'restart', 'stop']),
    );
    expect(holding(states.session, { target: target('busy') })).toEqual(sorted(toMeet, ['break', 'stop']));
  });

  it('restart no kernel', () => {
    const kernel = { ...target('stopped'), kernel: true } as const;
    expect(holding(states.session, { target: kernel })).toEqual(
      sorted(toMeet, ['commands', 'detach', 'run', 'stop']),
    );
  });

  it('never run a core file', () => {
    const names = holding(states.session, { target: target('stopped', 'core') });
    expect(names).toContain('commands');
    for (const name of ['run', 'restart']) expect(names).not.toContain(name);
  });

  it('let a viewer read and leave', () => {
    expect(holding(states.session, { target: target('running'), viewer: true })).toEqual([
      'session',
      'stop',
      'text',
    ]);
  });

  it('keep a lost session readable', () => {
    expect(holding(states.linkLost)).toEqual(['stop', 'text']);
  });

  it('leave only Break, and what touches no session, while a dialog is open', () => {
    const always = actionIds.filter((id) => actions[id].when === 'always');
    expect(usable(states.session, { target: target('running'), modal: true })).toEqual(
      actionIds.filter((id) => id === 'break' || always.includes(id)),
    );
    expect(usable(states.dormant, { modal: true })).toEqual(always);
  });
});
