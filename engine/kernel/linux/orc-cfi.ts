import type { Orc, OrcEntry } from './orc.ts';
import { Writer } from './writer.ts';

/** Rows of one description at most: what a debugger goes through for one frame. */
const ROWS = 64;
const [RBP, RSP, RIP] = [6, 7, 16] as const;
/** Where struct pt_regs has the registers, by DWARF's numbers, in bytes. */
const PT_REGS: readonly (readonly [number, number])[] = [
  [15, 0],
  [14, 8],
  [13, 16],
  [12, 24],
  [RBP, 32],
  [3, 40],
  [11, 48],
  [10, 56],
  [9, 64],
  [8, 72],
  [0, 80],
  [2, 88],
  [1, 96],
  [4, 104],
  [5, 112],
  [RIP, 128],
  [RSP, 152],
];
/** What the processor itself pushes, from its lowest address on. */
const IRET: readonly (readonly [number, number])[] = [
  [RIP, 0],
  [RSP, 24],
];

const CFA = {
  undefined: 0x07,
  same: 0x08,
  defCfa: 0x0c,
  expression: 0x0f,
  rule: 0x10,
  extended: 0x11,
  cfa: 0x12,
};
const OP = { deref: 0x06, plusConstant: 0x23, breg: 0x70 };

/** ORC as the call frame information (.debug_frame) that a debugger unwinds by; until `end`, an address. */
export function cfiOf(orc: Orc, end: bigint): Uint8Array {
  const out = new Writer();
  const call = information(out, false);
  const signal = information(out, true);
  const { addresses } = orc;
  const limit = BigInt.asIntN(64, end);
  for (let first = 0; first < addresses.length; ) {
    const kind = isFrame(orc.entry(first));
    let next = first + 1;
    while (next < addresses.length && next - first < ROWS && isFrame(orc.entry(next)) === kind) next++;
    const stop = addresses[next] ?? limit;
    const start = addresses[first] ?? 0n;
    if (stop > start) description(out, orc, first, next, stop - start, kind ? signal : call);
    first = next;
  }
  return out.bytes;
}

/** Registers were pushed by an interrupt: the instruction itself is where it goes on, not the one behind a call. */
const isFrame = ({ kind }: OrcEntry): boolean => kind === 'registers' || kind === 'interrupt';

/** A common information entry; answers where it is. */
function information(out: Writer, signal: boolean): number {
  const at = out.length;
  padded(out, () => {
    out.u32(0xffff_ffff).u8(1);
    out.text(signal ? 'zS' : '');
    out.unsigned(1).signed(1n).u8(RIP);
    if (signal) out.u8(0);
    out.u8(CFA.defCfa).unsigned(RSP).unsigned(8);
    out.u8(CFA.extended).unsigned(RIP).signed(-8n);
  });
  return at;
}

function padded(out: Writer, write: () => void): void {
  const at = out.length;
  out.u32(0);
  write();
  while ((out.length - at) % 8 !== 4) out.u8(0);
  out.patch32(at, out.length - at - 4);
}

function description(
  out: Writer,
  orc: Orc,
  first: number,
  next: number,
  length: bigint,
  information: number,
) {
  padded(out, () => {
    out
      .u32(information)
      .u64(orc.addresses[first] ?? 0n)
      .u64(length);
    if (isFrame(orc.entry(first))) out.u8(0);
    for (let index = first; index < next; index++) {
      if (index > first) advance(out, (orc.addresses[index] ?? 0n) - (orc.addresses[index - 1] ?? 0n));
      row(out, orc.entry(index));
    }
  });
}

function advance(out: Writer, by: bigint): void {
  const step = Number(by);
  if (step === 0) return;
  if (step < 0x40) out.u8(0x40 | step);
  else if (step < 0x100) out.u8(0x02).u8(step);
  else if (step < 0x1_0000) out.u8(0x03).u16(step);
  else out.u8(0x04).u32(step);
}

function row(out: Writer, entry: OrcEntry): void {
  if (entry.kind === 'end' || entry.sp === 'none') {
    out.u8(CFA.defCfa).unsigned(RSP).unsigned(8).u8(CFA.undefined).unsigned(RIP);
    return;
  }
  callerStack(out, entry);
  if (entry.kind === 'call') out.u8(CFA.extended).unsigned(RIP).signed(-8n);
  else
    for (const [register, offset] of entry.kind === 'registers' ? PT_REGS : IRET)
      out.u8(CFA.extended).unsigned(register).signed(BigInt(offset));
  if (entry.kind === 'registers') return;
  if (entry.bp === 'caller') out.u8(CFA.extended).unsigned(RBP).signed(BigInt(entry.bpOffset));
  else if (entry.bp === 'same') out.u8(CFA.same).unsigned(RBP);
  else {
    const place = new Writer().u8(OP.breg + RBP).signed(BigInt(entry.bpOffset)).bytes;
    out.u8(CFA.rule).unsigned(RBP).unsigned(place.length).raw(place);
  }
}

function callerStack(out: Writer, { sp, register, spOffset }: OrcEntry): void {
  const offset = BigInt(spOffset);
  if (sp === 'sp' || sp === 'bp' || sp === 'other') {
    const from = sp === 'sp' ? RSP : sp === 'bp' ? RBP : register;
    if (spOffset >= 0) out.u8(CFA.defCfa).unsigned(from).unsigned(spOffset);
    else out.u8(CFA.cfa).unsigned(from).signed(offset);
    return;
  }
  const place = new Writer();
  if (sp === 'bpIndirect')
    place
      .u8(OP.breg + RBP)
      .signed(offset)
      .u8(OP.deref);
  else
    place
      .u8(OP.breg + RSP)
      .signed(0n)
      .u8(OP.deref)
      .u8(OP.plusConstant)
      .unsigned(spOffset);
  out.u8(CFA.expression).unsigned(place.length).raw(place.bytes);
}
