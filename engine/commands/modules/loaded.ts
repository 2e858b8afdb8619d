import type { ModuleInfo } from '../../backend/types.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

/** A library as the loader has it; the program itself is the first. */
export interface Loaded {
  readonly module: ModuleInfo;
  /** The loader's entry (`struct link_map`), what it added to the file's addresses, and the dynamic section; null: it has none. */
  readonly entry: { readonly address: bigint; readonly bias: bigint; readonly dynamic: bigint } | null;
  /** Null: its beginning cannot be read. */
  readonly header: ElfFacts | null;
}

export interface ElfFacts {
  /** `e_type`: 2 at fixed addresses, 3 wherever it is put. */
  readonly type: number;
  readonly machine: number;
  readonly entryPoint: bigint;
  readonly headerOffset: number;
  readonly headerCount: number;
  readonly segments: readonly ElfSegment[];
}

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
}

const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const MAGIC = 0x464c457fn;
/** Of `struct r_debug`: the first entry of the loader's list. */
const FIRST_ENTRY = 8n;

/** All modules, in the order of loading; those that the loader does not have come last. Of machines of 64 bits. */
export async function loadedModules(state: DebuggerState): Promise<readonly Loaded[]> {
  const modules = await state.modules();
  const entries = await loaderEntries(state);
  const order = entries.flatMap((entry) => {
    const module = modules.find(({ start, end }) => entry.dynamic >= start && entry.dynamic < end);
    return module ? [{ module, entry }] : [];
  });
  const rest = modules.filter((module) => !order.some((each) => each.module === module));
  const all = [...order, ...rest.map((module) => ({ module, entry: null }))];
  const headers = await readHeaders(
    state,
    all.map(({ module }) => module.start),
  );
  return all.map((each, at) => ({ ...each, header: headers[at] ?? null }));
}

async function loaderEntries(state: DebuggerState) {
  const { target } = state;
  const at = state.pointerSize === 8 ? await target.resolveSymbol(null, '_r_debug', null) : null;
  if (at === null) return [];
  const { bytes, readable } = await target.readMemory(at + FIRST_ENTRY, 8);
  return readable === null ? target.linkMaps(littleEndian(bytes, 0, 8)) : [];
}

/** Two round trips, whatever their number. */
async function readHeaders(state: DebuggerState, starts: readonly bigint[]): Promise<(ElfFacts | null)[]> {
  const { target } = state;
  const heads = await target.readEach(starts.map((address) => ({ address, length: HEADER_BYTES })));
  const facts = heads.map((bytes) => (bytes ? headerOf(bytes) : null));
  const tables = await target.readEach(
    facts.map((each, at) => ({
      address: (starts[at] ?? 0n) + BigInt(each?.headerOffset ?? 0),
      length: (each?.headerCount ?? 0) * SEGMENT_BYTES || 1,
    })),
  );
  return facts.map((each, at) => each && { ...each, segments: segmentsIn(tables[at] ?? null) });
}

function headerOf(bytes: Uint8Array): ElfFacts | null {
  const number = (at: number, size: number): number => Number(littleEndian(bytes, at, size));
  if (littleEndian(bytes, 0, 4) !== MAGIC || bytes[4] !== 2) return null;
  return {
    type: number(16, 2),
    machine: number(18, 2),
    entryPoint: littleEndian(bytes, 24, 8),
    headerOffset: number(32, 8),
    headerCount: Math.min(number(56, 2), 128),
    segments: [],
  };
}

function segmentsIn(table: Uint8Array | null): ElfSegment[] {
  const segments: ElfSegment[] = [];
  for (let at = 0; table && at + SEGMENT_BYTES <= table.length; at += SEGMENT_BYTES) {
    const word = (offset: number): bigint => littleEndian(table, at + offset, 8);
    segments.push({
      type: Number(littleEndian(table, at, 4)),
      flags: Number(littleEndian(table, at + 4, 4)),
      offset: word(8),
      address: word(16),
      fileSize: word(32),
      memorySize: word(40),
    });
  }
  return segments;
}
