import type { MemoryRegion } from '../../backend/types.ts';
import { address as wide } from '../../format/address.ts';
import type { Access } from './access.ts';
import { type Crash, type Finding, moduleAt, regionAt } from './crash.ts';
import { isKernels, patternIn, textIn } from './pointers.ts';

const ACCESS_VIOLATION = 0xc0000005;
/** No program has memory below: members of a structure at a null pointer lie there. */
const NULL_END = 0x10000n;
/** What lies further from everything is said to be near nothing. */
const NEAR = 0x100000n;

const DOES = { read: 'read from', write: 'write to', execute: 'run code at' } as const;

/** Why an address cannot be read, written or run. */
export function badAddress(crash: Crash, access: Access): Finding {
  const { kind, address } = access;
  const finding = (problem: string, ...cause: string[]): Finding => ({
    problem: `${problem}_${kind.toUpperCase()}`,
    code: ACCESS_VIOLATION,
    cause: [...cause, ...baseNote(access)],
  });
  const tried = `The program tried to ${DOES[kind]} ${wide(address)}`;
  const freed = kind === 'execute' ? null : freedLink(crash, access.base?.value ?? address);
  if (freed)
    return finding(
      'USE_AFTER_FREE',
      `${tried}, which is no address: it is what the allocator writes into a freed block for the end of its list (block near ${wide(freed.start)}).`,
      'The pointer was read out of memory that had been freed.',
    );
  if (address < NULL_END) return finding('NULL_POINTER', nullText(tried, access));
  if (isKernels(address))
    return finding(
      'INVALID_POINTER',
      `${tried}, which belongs to the kernel${-BigInt.asIntN(64, address) < NULL_END ? ': the pointer is a negative number, an error code or -1 perhaps' : ''}.`,
    );
  const region = regionAt(crash, address);
  if (region) return forbidden(crash, access, region, tried, finding);
  return finding('INVALID_POINTER', `${tried}, where nothing is mapped.`, whereabouts(crash, address));
}

function nullText(tried: string, { address, kind, base }: Access): string {
  if (kind === 'execute') return `${tried}: a null pointer was called.`;
  if (address === 0n) return `${tried}: a null pointer.`;
  if (base && base.value !== 0n && base.value < NULL_END)
    return `${tried}: ${base.name} holds ${base.value.toString(16)}, which is next to a null pointer.`;
  return `${tried}: 0x${address.toString(16)} behind a null pointer${base && base.value === 0n ? ` (${base.name})` : ''}, as a member of a structure is.`;
}

function baseNote({ address, base }: Access): string[] {
  const value = base?.value ?? address;
  const [text, pattern] = [textIn(value), patternIn(value) ?? patternIn(address)];
  return [
    ...(text === null ? [] : [`The pointer’s bytes are text, '${text}': a string was written over it.`]),
    ...(pattern === null ? [] : [`The pointer holds ${pattern}.`]),
  ];
}

type Make = (problem: string, ...cause: string[]) => Finding;

function forbidden(crash: Crash, access: Access, region: MemoryRegion, tried: string, make: Make): Finding {
  const place = regionText(crash, region);
  if (!region.read && !region.write && !region.execute)
    return make(
      'GUARD_PAGE',
      `${tried}, in memory that nobody may touch (${place}): a guard page, or memory that was given back.`,
    );
  if (access.kind === 'execute' && !region.execute)
    return {
      problem: 'SOFTWARE_NX_FAULT',
      code: ACCESS_VIOLATION,
      cause: [`${tried}, where there are data and no code (${place}).`],
    };
  if (access.kind === 'write' && !region.write)
    return make('READ_ONLY', `${tried}, which may be read only (${place}).`);
  return make('INVALID_POINTER', `${tried}, which is mapped now (${place}): it was not when it happened.`);
}

/** `module loop`, `the stack`, `/tmp/data`. */
export function regionText(crash: Crash, region: MemoryRegion): string {
  const module = moduleAt(crash, region.start);
  if (module) return `of module ${module.name}`;
  if (region.path === '[stack]') return 'the stack of the first thread';
  if (region.path === '[heap]') return 'the heap';
  return region.path === '' ? 'memory without a file' : region.path;
}

function whereabouts(crash: Crash, address: bigint): string {
  if (crash.regions.length === 0) return 'What is mapped around it is not known here.';
  const below = crash.regions.findLast(({ end }) => end <= address);
  const above = crash.regions.find(({ start }) => start > address);
  const near = [
    ...(below && address - below.end < NEAR
      ? [{ distance: address - below.end, region: below, where: 'behind' }]
      : []),
    ...(above && above.start - address < NEAR
      ? [{ distance: above.start - address, region: above, where: 'before' }]
      : []),
  ].sort((a, b) => (a.distance < b.distance ? -1 : 1));
  const [first] = near;
  if (!first) return 'Nothing is mapped near it.';
  return `It is 0x${first.distance.toString(16)} bytes ${first.where} ${regionText(crash, first.region)} (${wide(first.region.start)} to ${wide(first.region.end)}).`;
}

const PAGE_BITS = 12n;
/** No heap lies lower than behind a program at its usual fixed address. */
const LOWEST_LINK = 0x400n;

/** glibc keeps the links of freed blocks mangled: the last one holds its own address without the bits of the page. */
function freedLink({ regions }: Crash, address: bigint): MemoryRegion | null {
  if (address < LOWEST_LINK) return null;
  const page = address << PAGE_BITS;
  const near = (region: MemoryRegion): boolean => page + 0x1000n > region.start && page < region.end;
  const region = regions.find((each) => near(each));
  return region?.write && (region.path === '[heap]' || region.path === '') ? region : null;
}
