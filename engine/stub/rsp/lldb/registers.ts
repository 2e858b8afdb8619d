/** A register as lldb-server describes it. */
interface LldbRegister {
  readonly number: number;
  /** Bytes, in answers to `g`. */
  readonly offset: number;
  readonly size: number;
}

/** A register as GDB numbers and sizes it, and where it stands in the stub's answers. */
export interface MappedRegister {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly feature: string;
  readonly from: LldbRegister | null;
  /** Bytes from the register's beginning: upper halves stand behind the lower ones. */
  readonly skip: number;
}

const GENERAL = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rbp', 'rsp'];
const MORE = Array.from({ length: 8 }, (_, index) => `r${index + 8}`);
const SEGMENTS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'];
const X87 = ['fctrl', 'fstat', 'ftag', 'fiseg', 'fioff', 'foseg', 'fooff', 'fop'];

const CORE = 'org.gnu.gdb.i386.core';
const SSE = 'org.gnu.gdb.i386.sse';
const LINUX = 'org.gnu.gdb.i386.linux';
const AVX = 'org.gnu.gdb.i386.avx';

/** GDB's own order for x86-64; what lldb-server calls otherwise stands behind the colon. */
function wanted(avx: boolean): Omit<MappedRegister, 'from'>[] {
  const pointers: Readonly<Record<string, string>> = { rbp: 'data_ptr', rsp: 'data_ptr' };
  const core = (name: string, size: number, type: string) => ({ name, size, type, feature: CORE, skip: 0 });
  const numbered = (stem: string, end = '') =>
    Array.from({ length: 16 }, (_, index) => `${stem}${index}${end}`);
  return [
    ...[...GENERAL, ...MORE].map((name) => core(name, 8, pointers[name] ?? 'int64')),
    core('rip', 8, 'code_ptr'),
    core('eflags', 4, 'int32'),
    ...SEGMENTS.map((name) => core(name, 4, 'int32')),
    ...Array.from({ length: 8 }, (_, index) => core(`st${index}`, 10, 'i387_ext')),
    ...X87.map((name) => core(name, 4, 'int')),
    ...numbered('xmm').map((name) => ({ name, size: 16, type: 'vec128', feature: SSE, skip: 0 })),
    { name: 'mxcsr', size: 4, type: 'int32', feature: SSE, skip: 0 },
    // LLDB shows none; without it GDB takes the target for no Linux.
    { name: 'orig_rax', size: 8, type: 'int', feature: LINUX, skip: 0 },
    ...(avx
      ? numbered('ymm', 'h').map((name) => ({ name, size: 16, type: 'uint128', feature: AVX, skip: 16 }))
      : []),
  ];
}

const REGISTER = /<reg\b([^>]*)>/g;

/** Null: it is not a description of an x86-64. */
export function mapRegisters(description: string): MappedRegister[] | null {
  if (!/<architecture>x86_64<\/architecture>/.test(description)) return null;
  const theirs = new Map<string, LldbRegister>();
  for (const [, text = ''] of description.matchAll(REGISTER)) {
    const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '';
    const [number, offset, bits] = ['regnum', 'offset', 'bitsize'].map((name) =>
      Number(value(name) || 'none'),
    );
    if (!isSize(number) || !isSize(offset) || !isSize(bits)) continue;
    theirs.set(value('name'), { number, offset, size: bits / 8 });
  }
  const source = (name: string) => {
    if (name === 'eflags') return theirs.get('rflags') ?? theirs.get('eflags') ?? null;
    return theirs.get(/^ymm\d+h$/.test(name) ? name.slice(0, -1) : name) ?? null;
  };
  const mapped = wanted(theirs.has('ymm0')).map((register) => ({ ...register, from: source(register.name) }));
  // Without these GDB can do nothing.
  const needed = [...GENERAL, ...MORE, 'rip', 'eflags'];
  return needed.every((name) => source(name) !== null) ? mapped : null;
}

function isSize(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 && value < 65_536;
}

/** A register's digits out of an answer to `g`; `x` where it has none. */
export function digitsOf(register: MappedRegister, all: string): string {
  const { from, size, skip } = register;
  const none = 'x'.repeat(size * 2);
  if (!from) return none;
  const start = (from.offset + skip) * 2;
  const digits = all.slice(start, start + Math.min(size, from.size - skip) * 2);
  if (digits === '' || digits.includes('x')) return none;
  return digits.padEnd(size * 2, '0').slice(0, size * 2);
}

const VECTORS = [
  ['v4f', 'ieee_single', 4],
  ['v2d', 'ieee_double', 2],
  ['v16i8', 'int8', 16],
  ['v8i16', 'int16', 8],
  ['v4i32', 'int32', 4],
  ['v2i64', 'int64', 2],
] as const;

const FIELDS = [
  ['v4_float', 'v4f'],
  ['v2_double', 'v2d'],
  ['v16_int8', 'v16i8'],
  ['v8_int16', 'v8i16'],
  ['v4_int32', 'v4i32'],
  ['v2_int64', 'v2i64'],
  ['uint128', 'uint128'],
] as const;

/** The description that GDB takes. */
export function describe(registers: readonly MappedRegister[]): string {
  const types =
    VECTORS.map(([id, type, count]) => `<vector id="${id}" type="${type}" count="${count}"/>`).join('') +
    `<union id="vec128">${FIELDS.map(([name, type]) => `<field name="${name}" type="${type}"/>`).join('')}</union>`;
  const features = [...new Set(registers.map(({ feature }) => feature))].map((feature) => {
    const rows = registers.flatMap((register, number) =>
      register.feature === feature
        ? [
            `<reg name="${register.name}" bitsize="${register.size * 8}" type="${register.type}" regnum="${number}"/>`,
          ]
        : [],
    );
    return `<feature name="${feature}">${feature === SSE ? types : ''}${rows.join('')}</feature>`;
  });
  return `<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target><architecture>i386:x86-64</architecture><osabi>GNU/Linux</osabi>${features.join('')}</target>`;
}
