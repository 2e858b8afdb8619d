import { hex64, hexDigits } from '../../format/address.ts';
import { PROTECT_BITS, type Region, STATE_BITS, TYPE_BITS } from './describe.ts';

const bits = (value: number, name: string): string => `${hexDigits(value, 8)}    ${name}`.trimEnd();

/** `!address Address`. */
export function regionDetails(region: Region, wanted: bigint): string[] {
  const line = (name: string, value: string) => `${`${name}:`.padEnd(24)}${value}`;
  const lines = [
    line('Usage', region.usage),
    line('Base Address', hex64(region.start)),
    line('End Address', hex64(region.end)),
    line('Region Size', `${hex64(region.end - region.start)} (${sizeText(region.end - region.start)})`),
    line('State', bits(STATE_BITS[region.state], region.state)),
    line('Protect', bits(PROTECT_BITS[region.protect] ?? 0, region.protect)),
    line('Type', bits(TYPE_BITS[region.type], region.type || '<info not present at the target>')),
  ];
  if (region.state === 'MEM_FREE') return lines;
  lines.push(
    line('Allocation Base', hex64(region.allocation)),
    line('Allocation Protect', bits(PROTECT_BITS[region.allocationProtect] ?? 0, region.allocationProtect)),
  );
  if (region.path !== '') lines.push(line(region.module ? 'Image Path' : 'Mapped file name', region.path));
  if (region.module)
    lines.push(
      line('Module Name', region.module.name),
      line('More info', `lmv m ${region.module.name}`),
      line('More info', `ln 0x${wanted.toString(16)}`),
    );
  if (region.thread !== null) lines.push(line('More info', `~${region.thread}k`));
  return lines;
}

/** `!vprot`. */
export function protectionLines(region: Region): string[] {
  const line = (name: string, value: string) => `${`${name}:`.padEnd(19)}${value}`;
  const named = (value: number, name: string) => `${hexDigits(value, 8)}  ${name}`.trimEnd();
  const isFree = region.state === 'MEM_FREE';
  return [
    line('BaseAddress', hexDigits(region.start, 16)),
    ...(isFree
      ? []
      : [
          line('AllocationBase', hexDigits(region.allocation, 16)),
          line(
            'AllocationProtect',
            named(PROTECT_BITS[region.allocationProtect] ?? 0, region.allocationProtect),
          ),
        ]),
    line('RegionSize', hexDigits(region.end - region.start, 16)),
    line('State', named(STATE_BITS[region.state], region.state)),
    line('Protect', named(PROTECT_BITS[region.protect] ?? 0, region.protect)),
    ...(isFree ? [] : [line('Type', named(TYPE_BITS[region.type], region.type))]),
  ];
}

/** ``7ff`f0d5b000``: without leading zeros before the grave. */
function short64(value: bigint): string {
  return hex64(value).replace(/^0{1,7}/, '');
}

export const TABLE_HEADER = [
  '        BaseAddress      EndAddress+1        RegionSize     Type       State                 Protect             Usage',
  '-'.repeat(122),
];

/** A line of `!address`; `+`: another allocation than the line before. */
export function tableLine(region: Region, begins: boolean): string {
  const wide = (value: bigint) => short64(value).padStart(17);
  const columns = [
    `${begins ? '+' : ' '}${wide(region.start)} ${wide(region.end)} ${wide(region.end - region.start)}`,
    region.type.padEnd(11),
    region.state.padEnd(11),
    region.protect.padEnd(34),
    region.usage.padEnd(10),
  ];
  return `${columns.join(' ')} ${what(region)}`.trimEnd();
}

function what(region: Region): string {
  if (region.module) return `[${region.module.name}; "${region.path || region.module.path}"]`;
  if (region.thread !== null) return `[~${region.thread}]`;
  return region.path.startsWith('/') ? `"${region.path}"` : region.path;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `182.879 MB`. */
export function sizeText(bytes: bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(3).padStart(8)} ${UNITS[unit]}`;
}

type Key = (region: Region) => string;

/** `!address -summary`. */
export function summaryLines(regions: readonly Region[]): string[] {
  const busy = regions.filter(({ state }) => state !== 'MEM_FREE');
  const committed = busy.filter(({ state }) => state === 'MEM_COMMIT');
  const sums = { busy: total(busy), all: total(regions) };
  const part = (title: string, of: readonly Region[], key: Key) => [
    '',
    `--- ${`${title} `.padEnd(30, '-')} RgnCount ----------- Total Size -------- %ofBusy %ofTotal`,
    ...groups(of, key).map(([name, members]) => sumLine(name, members, sums)),
  ];
  return [
    ...part('Usage Summary', regions, ({ usage }) => usage),
    ...part('Type Summary (for busy)', busy, ({ type }) => type),
    ...part('State Summary', regions, ({ state }) => state),
    ...part('Protect Summary (for commit)', committed, ({ protect }) => protect),
    '',
    '--- Largest Region by Usage ----------- Base Address -------- Region Size ----------',
    ...groups(regions, ({ usage }) => usage).map(([name, members]) => largestLine(name, members)),
  ];
}

const size = ({ start, end }: Region): bigint => end - start;
const total = (regions: readonly Region[]): bigint => regions.reduce((sum, region) => sum + size(region), 0n);

/** The largest sum first. */
function groups(regions: readonly Region[], key: Key): (readonly [string, readonly Region[]])[] {
  const byName = new Map<string, Region[]>();
  for (const region of regions) byName.set(key(region), [...(byName.get(key(region)) ?? []), region]);
  return [...byName].sort(([, a], [, b]) => (total(a) < total(b) ? 1 : -1));
}

function sumLine(
  name: string,
  members: readonly Region[],
  sums: { readonly busy: bigint; readonly all: bigint },
): string {
  const sum = total(members);
  const share = (of: bigint) => `${((Number(sum) / Math.max(1, Number(of))) * 100).toFixed(2)}%`.padStart(8);
  const isFree = members[0]?.state === 'MEM_FREE';
  const columns = `${name.padEnd(38)}${String(members.length).padStart(5)}      ${short64(sum).padStart(17)}`;
  return `${columns} (${sizeText(sum)}) ${isFree ? ' '.repeat(8) : share(sums.busy)} ${share(sums.all)}`;
}

function largestLine(name: string, members: readonly Region[]): string {
  const largest = members.reduce((best, region) => (size(region) > size(best) ? region : best));
  const columns = `${name.padEnd(38)}${short64(largest.start).padStart(14)}    ${short64(size(largest)).padStart(17)}`;
  return `${columns} (${sizeText(size(largest))})`;
}
