/** A register as GDB's target descriptions have it. */
interface Register {
  readonly name: string;
  readonly bits: 32 | 64 | 80;
  readonly type?: string;
}

interface Feature {
  readonly name: string;
  readonly registers: readonly Register[];
}

export type StillMachine = 'x86-64' | 'aarch64';

const words = (names: string): Register[] => names.split(' ').map((name) => ({ name, bits: 64 }));
const halves = (names: string): Register[] => names.split(' ').map((name) => ({ name, bits: 32 }));

/** GDB wants the first of each; the order is that of the `g` packet. */
const FEATURES: Readonly<Record<StillMachine, readonly Feature[]>> = {
  'x86-64': [
    {
      name: 'org.gnu.gdb.i386.core',
      registers: [
        ...words('rax rbx rcx rdx rsi rdi'),
        { name: 'rbp', bits: 64, type: 'data_ptr' },
        { name: 'rsp', bits: 64, type: 'data_ptr' },
        ...words('r8 r9 r10 r11 r12 r13 r14 r15'),
        { name: 'rip', bits: 64, type: 'code_ptr' },
        ...halves('eflags cs ss ds es fs gs'),
        ...Array.from({ length: 8 }, (_, at): Register => ({ name: `st${at}`, bits: 80, type: 'i387_ext' })),
        ...halves('fctrl fstat ftag fiseg fioff foseg fooff fop'),
      ],
    },
    { name: 'org.gnu.gdb.i386.linux', registers: words('orig_rax') },
    { name: 'org.gnu.gdb.i386.segments', registers: words('fs_base gs_base') },
  ],
  aarch64: [
    {
      name: 'org.gnu.gdb.aarch64.core',
      registers: [
        ...words(Array.from({ length: 31 }, (_, at) => `x${at}`).join(' ')),
        { name: 'sp', bits: 64, type: 'data_ptr' },
        { name: 'pc', bits: 64, type: 'code_ptr' },
        { name: 'cpsr', bits: 32 },
      ],
    },
    { name: 'org.gnu.gdb.aarch64.tls', registers: [{ name: 'tpidr', bits: 64, type: 'data_ptr' }] },
  ],
};

const NAMES: Readonly<Record<StillMachine, string>> = { 'x86-64': 'i386:x86-64', aarch64: 'aarch64' };

/** `target.xml`. */
export function describeRegisters(machine: StillMachine): string {
  const features = FEATURES[machine].map(({ name, registers }) => {
    const lines = registers.map(
      (one) => `<reg name="${one.name}" bitsize="${one.bits}"${one.type ? ` type="${one.type}"` : ''}/>`,
    );
    return `<feature name="${name}">${lines.join('')}</feature>`;
  });
  return `<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target version="1.0"><architecture>${NAMES[machine]}</architecture><osabi>GNU/Linux</osabi>${features.join('')}</target>`;
}

/** Answer to `g`: little-endian hexadecimal, `xx` for what is not known. */
export function registerPacket(machine: StillMachine, values: ReadonlyMap<string, bigint> | null): string {
  const all = FEATURES[machine].flatMap(({ registers }) => registers);
  return all
    .map(({ name, bits }) => {
      const value = values?.get(name);
      const length = bits / 4;
      if (value === undefined) return 'x'.repeat(length);
      const hex = BigInt.asUintN(bits, value).toString(16).padStart(length, '0');
      return Buffer.from(hex, 'hex').reverse().toString('hex');
    })
    .join('');
}
