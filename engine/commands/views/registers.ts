import { FLAG_BITS, readPart, x64Register } from '../../expressions/registers.ts';
import { hexDigits } from '../../format/address.ts';
import { ARM64_BLOCK, X64_BLOCK } from '../../format/registers.ts';
import type { QueryOf, RegistersView, RegisterValue } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';

type Values = ReadonlyMap<string, bigint>;

interface Group {
  readonly name: string;
  /** The back end's names. */
  readonly reads: readonly string[];
  rows(values: Values): RegisterValue[];
}

/** Those of a machine that windows show, in their order. */
export async function registersView(
  state: DebuggerState,
  { groups }: QueryOf<'registers'>,
): Promise<RegistersView> {
  const all = await groupsOf(state);
  const wanted = all.filter(({ name }) => groups.includes(name));
  const names = [...new Set(wanted.flatMap(({ reads }) => reads))];
  const values: Values =
    names.length > 0 ? await state.target.registers({ thread: state.thread, frame: 0 }, names) : new Map();
  return {
    groups: all.map((group) => ({
      name: group.name,
      registers: wanted.includes(group) ? group.rows(values) : null,
    })),
  };
}

async function groupsOf(state: DebuggerState): Promise<readonly Group[]> {
  const editable = state.kind !== 'core';
  if (state.isX64) return x64Groups(await state.target.registerNames(), editable);
  if (state.isArm64) return arm64Groups(editable);
  const names = (await state.target.registerNames()).slice(0, 128);
  return [plain('General', names, state.pointerSize * 2, editable)];
}

/** Each register as it is, `digits` wide. */
function plain(name: string, reads: readonly string[], digits: number, editable: boolean): Group {
  const row = (register: string, values: Values): RegisterValue => {
    const value = values.get(register);
    return {
      name: register,
      value: value === undefined ? null : hexDigits(value, digits),
      editable: editable && value !== undefined,
    };
  };
  return { name, reads, rows: (values) => reads.map((register) => row(register, values)) };
}

const FLAG_WORDS: Readonly<Record<string, string>> = {
  of: 'overflow',
  df: 'direction',
  if: 'interrupts',
  tf: 'trap',
  sf: 'sign',
  zf: 'zero',
  af: 'auxiliary carry',
  pf: 'parity',
  cf: 'carry',
  iopl: 'I/O privilege',
};

function x64Groups(there: readonly string[], editable: boolean): readonly Group[] {
  const general = X64_BLOCK.slice(0, 17);
  const segments = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'];
  const bases = ['fs_base', 'gs_base'].filter((name) => there.includes(name));
  const vectors = there.filter((name) => /^[xyz]mm\d+$/.test(name));
  const wide = vectors.some((name) => name.startsWith('y')) ? /^ymm/ : /^xmm/;
  return [
    plain('General', general, 16, editable),
    { name: 'Flags', reads: ['eflags'], rows: (values) => x64Flags(values, editable) },
    {
      name: 'Segments',
      reads: [...segments, ...bases],
      rows: (values) => [
        ...plain('', segments, 4, editable).rows(values),
        ...plain('', bases, 16, editable)
          .rows(values)
          .map((row) => ({ ...row, name: row.name.replace('_', '') })),
      ],
    },
    plain(
      'Floating point',
      there.filter((name) => /^st\d$/.test(name)),
      20,
      false,
    ),
    plain(
      'Vector',
      vectors.filter((name) => wide.test(name)),
      wide.test('ymm0') ? 64 : 32,
      false,
    ),
  ];
}

function x64Flags(values: Values, editable: boolean): RegisterValue[] {
  const flags = values.get('eflags');
  const row = (name: string, digits: number): RegisterValue => {
    const part = x64Register(name);
    const value = flags === undefined || !part ? null : hexDigits(readPart(part, flags), digits);
    const note = FLAG_WORDS[name];
    return { name, value, editable: editable && value !== null, ...(note !== undefined && { note }) };
  };
  const order = ['of', 'df', 'if', 'sf', 'zf', 'af', 'pf', 'cf', 'tf', 'iopl'];
  return [row('efl', 8), ...order.filter((name) => name in FLAG_BITS).map((name) => row(name, 1))];
}

function arm64Groups(editable: boolean): readonly Group[] {
  const general = ARM64_BLOCK.filter((name) => name !== 'cpsr');
  const called: Readonly<Record<string, string>> = { x29: 'fp', x30: 'lr' };
  const block = plain('General', general, 16, editable);
  return [
    {
      ...block,
      rows: (values) => block.rows(values).map((row) => ({ ...row, name: called[row.name] ?? row.name })),
    },
    { name: 'Flags', reads: ['cpsr'], rows: (values) => arm64Flags(values, editable) },
    plain(
      'Vector',
      Array.from({ length: 32 }, (_, number) => `v${number}`),
      32,
      false,
    ),
  ];
}

function arm64Flags(values: Values, editable: boolean): RegisterValue[] {
  const psr = values.get('cpsr');
  const bits = [
    ['N', 31, 'negative'],
    ['Z', 30, 'zero'],
    ['C', 29, 'carry'],
    ['V', 28, 'overflow'],
  ] as const;
  const bit = (at: number) => (psr === undefined ? null : String((psr >> BigInt(at)) & 1n));
  const [whole] = plain('', ['cpsr'], 8, editable).rows(values);
  return [
    ...(whole ? [{ ...whole, name: 'psr' }] : []),
    ...bits.map(([name, at, note]) => ({ name, value: bit(at), note, editable: false })),
  ];
}
