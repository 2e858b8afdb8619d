import type { Frame, ModuleInfo, ThreadInfo, TreeNode } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { collection, type Entry, hex, type ModelObject, type ModelValue, objectOf } from './value.ts';

/** What the names mean that the debugger defines. */
export function modelNames(state: DebuggerState): ReadonlyMap<string, ModelValue> {
  return new Map<string, ModelValue>([
    ['Debugger', debuggerObject(state)],
    ['@$cursession', session(state)],
    ['@$curprocess', processObject(state)],
    [
      '@$curthread',
      threadObject(
        state,
        state.threads.find(({ index }) => index === state.thread),
        null,
      ),
    ],
    ['@$curstack', stackObject(state, state.thread)],
    ['@$curframe', frameSoon(state)],
  ]);
}

/** What an expression of the object model begins with. */
export const MODEL_ROOT =
  /^\s*!*\s*(?:Debugger\b(?!\s*(?:::|->))|@\$cur(?:session|process|thread|stack|frame)\b|new\s*\{)/;

const switchTo = (text: string): string => `${text === '' ? '' : `${text} `}[Switch To]`;

function debuggerObject(state: DebuggerState): ModelObject {
  return objectOf([
    ['Sessions', collection(async () => [['0x0', session(state)]])],
    ['LastEvent', objectOf([], state.current.lastEvent?.text ?? 'none')],
  ]);
}

function session(state: DebuggerState): ModelObject {
  const what = state.kind === 'core' ? 'Core file' : 'Live user mode';
  return objectOf(
    [
      ['Processes', collection(async () => processes(state))],
      ['Id', 0n],
      [
        'Attributes',
        objectOf([
          [
            'Target',
            objectOf([
              ['IsDumpTarget', state.kind === 'core'],
              ['IsUserTarget', !state.isKernel],
              ['IsKernelTarget', state.isKernel],
            ]),
          ],
        ]),
      ],
    ],
    `${what}: <Local>`,
  );
}

function processes(state: DebuggerState): readonly Entry[] {
  return state.systems
    .filter(({ kind }) => kind !== 'none')
    .map((system) => [
      hex(system.process?.pid ?? 0),
      system === state.current ? processObject(state) : otherProcess(system),
    ]);
}

const imageName = ({ process }: Pick<System, 'process'>): string =>
  (process?.executable ?? '').replace(/^.*\//, '') || '<Unknown Image>';

/** Of another system: it has to be the current one for the rest. */
function otherProcess(system: System): ModelObject {
  return objectOf(
    [
      ['Name', imageName(system)],
      ['Id', BigInt(system.process?.pid ?? 0)],
      ['Index', BigInt(system.index)],
    ],
    switchTo(imageName(system)),
  );
}

function processObject(state: DebuggerState): ModelObject {
  const { current } = state;
  return {
    switches: `|${current.index}s`,
    text: switchTo(imageName(current)),
    members: async () => [
      ['Name', imageName(current)],
      ['Id', BigInt(current.process?.pid ?? 0)],
      ['Index', BigInt(current.index)],
      ['Threads', collection(() => threads(state))],
      ['Modules', collection(() => modules(state))],
      [
        'Environment',
        objectOf([
          ['CommandLine', [current.process?.executable ?? '', ...(current.process?.args ?? [])].join(' ')],
        ]),
      ],
    ],
  };
}

async function threads(state: DebuggerState): Promise<readonly Entry[]> {
  const all = await state.current.refreshThreads();
  const tops = await state.target.stacks(
    all.map(({ index }) => index),
    1,
  );
  return all.map((thread, at) => [hex(thread.tid), threadObject(state, thread, tops[at]?.[0] ?? null)]);
}

function threadObject(state: DebuggerState, thread: ThreadInfo | undefined, top: Frame | null): ModelObject {
  const index = thread?.index ?? state.thread;
  return {
    switches: `~${index}s`,
    text: switchTo(top ? `${placeOf(top, ' + ')} (${address(top.address, state.pointerSize)}) ` : ''),
    members: async () => [
      ['Id', BigInt(thread?.tid ?? 0)],
      ['Index', BigInt(index)],
      ...(thread?.name ? [['Name', thread.name] as const] : []),
      ['Stack', stackObject(state, index)],
      ['Registers', registers(state, index)],
    ],
  };
}

function registers(state: DebuggerState, thread: number): ModelObject {
  const read = async (): Promise<readonly Entry[]> => {
    const names = (await state.target.registerNames()).slice(0, 48);
    const values = await state.target.registers({ thread, frame: 0 }, names);
    return names.flatMap((name): Entry[] => {
      const value = values.get(name);
      return value === undefined || value > 0xffff_ffff_ffff_ffffn ? [] : [[name, value]];
    });
  };
  return objectOf([['User', { text: '', members: read }]]);
}

function stackObject(state: DebuggerState, thread: number): ModelObject {
  const frames = async (): Promise<readonly Entry[]> =>
    (await state.target.frames(thread, state.defaultFrames)).map((frame, at) => [
      hex(at),
      frameObject(state, thread, frame),
    ]);
  return objectOf([['Frames', collection(frames)]]);
}

function frameSoon(state: DebuggerState): ModelObject {
  return {
    text: '',
    members: async () => {
      const frame = (await state.target.frames(state.thread, state.frame + 1))[state.frame];
      return frame ? frameObject(state, state.thread, frame).members() : [];
    },
  };
}

function frameObject(state: DebuggerState, thread: number, frame: Frame): ModelObject {
  const variables = async (parameters: boolean): Promise<readonly Entry[]> => {
    const { nodes } = await state.target.localTrees({ thread, frame: frame.level }, { '*': {} });
    return (nodes ?? [])
      .filter(({ isParameter }) => isParameter === parameters)
      .map((node: TreeNode) => [node.name, { node }]);
  };
  const of = (parameters: boolean): ModelObject => ({ text: '', members: () => variables(parameters) });
  const { source } = frame;
  return {
    switches: `~${thread}s; .frame ${hex(frame.level)}`,
    text: switchTo(placeOf(frame, ' + ')),
    members: async () => [
      ['LocalVariables', of(false)],
      ['Parameters', of(true)],
      [
        'Attributes',
        objectOf([
          ['InstructionOffset', frame.address],
          ['ReturnOffset', frame.returnAddress ?? 0n],
          ['StackOffset', frame.stackPointer ?? 0n],
          ['FrameNumber', BigInt(frame.level)],
          ...(source
            ? [
                [
                  'SourceInformation',
                  objectOf([
                    ['SourceFileName', source.file],
                    ['SourceLine', BigInt(source.line)],
                  ]),
                ] as const,
              ]
            : []),
        ]),
      ],
    ],
  };
}

function placeOf({ symbol: hit, address: at }: Frame, plus: string): string {
  if (!hit) return hex(at);
  return `${hit.module}!${hit.name}${hit.offset === 0n ? '' : `${plus}${hex(hit.offset)}`}`;
}

async function modules(state: DebuggerState): Promise<readonly Entry[]> {
  return (await state.modules()).map((module, at) => [hex(at), moduleObject(module)]);
}

function moduleObject({ path, name, start, end, buildId, symbols }: ModuleInfo): ModelObject {
  return objectOf(
    [
      ['BaseAddress', start],
      ['Name', path],
      ['ModuleName', name],
      ['Size', end - start],
      ['Symbols', symbols],
      ...(buildId ? [['BuildId', buildId] as const] : []),
    ],
    path,
  );
}
