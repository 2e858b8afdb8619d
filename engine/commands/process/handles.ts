import type { LookedAt } from '../../machine/look.ts';
import type { DebuggerState } from '../state.ts';
import { procFiles, textOf } from './proc-files.ts';
import { SOCKET_FILES, type SocketEnds, socketsIn } from './sockets.ts';

/** A file descriptor. */
export interface Handle {
  readonly number: number;
  /** `File`, `Socket`, `Pipe`, … */
  readonly type: string;
  /** Of a file its path; of others what the kernel calls them. */
  readonly name: string;
  /** As open(2) has them; null where they cannot be read. */
  readonly flags: number | null;
  readonly position: bigint | null;
  /** More that the kernel tells, a line each. */
  readonly details: readonly string[];
}

/** By number; empty where they may not be seen. @throws HawserError `UNSUPPORTED` */
export async function readHandles(state: DebuggerState): Promise<readonly Handle[]> {
  const files = await procFiles(state, '!handle', [
    'fd/*',
    'fdinfo/*',
    ...SOCKET_FILES.map((name) => `net/${name}`),
  ]);
  const sockets = socketsIn((name) => textOf(files.get(`net/${name}`)));
  const handles: Handle[] = [];
  const links = [...files].filter(([path, { link }]) => path.startsWith('fd/') && link !== null);
  for (const [path, file] of links)
    handles.push(
      describe(file, Number(path.slice(3)), textOf(files.get(`fdinfo/${path.slice(3)}`)), sockets),
    );
  const ends = new Map<string, number[]>();
  for (const { name, number, type } of handles)
    if (type === 'Pipe') ends.set(name, [...(ends.get(name) ?? []), number]);
  return handles
    .map((handle) => withOtherEnd(handle, ends.get(handle.name) ?? []))
    .sort((a, b) => a.number - b.number);
}

function describe(
  file: LookedAt,
  number: number,
  info: string,
  sockets: ReadonlyMap<string, SocketEnds>,
): Handle {
  const name = file.link ?? '';
  const flags = /^flags:\s*([0-7]+)/m.exec(info)?.[1];
  const position = /^pos:\s*(\d+)/m.exec(info)?.[1];
  const socket = sockets.get(/^socket:\[(\d+)\]$/.exec(name)?.[1] ?? '');
  const told = info.split('\n').filter((line) => line !== '' && !/^(?:pos|flags|mnt_id|ino):/.test(line));
  return {
    number,
    type: typeOf(file),
    name,
    flags: flags === undefined ? null : Number.parseInt(flags, 8),
    position: position === undefined ? null : BigInt(position),
    details: [...(socket ? socketLines(socket) : []), ...told.map((line) => line.replace(/\s+/g, ' '))],
  };
}

function socketLines({ protocol, local, remote, state }: SocketEnds): string[] {
  return [
    `Protocol ${protocol}`,
    ...(local === '' ? [] : [`Local    ${local}`]),
    ...(remote === '' ? [] : [`Remote   ${remote}`]),
    ...(state === '' ? [] : [`State    ${state}`]),
  ];
}

function withOtherEnd(handle: Handle, ends: readonly number[]): Handle {
  const others = ends.filter((number) => number !== handle.number);
  if (others.length === 0) return handle;
  const text = others.map((number) => number.toString(16)).join(', ');
  return { ...handle, details: [...handle.details, `Same pipe as ${text}`] };
}

const KINDS: Readonly<Record<number, string>> = {
  7: 'Pipe',
  14: 'CharDevice',
  28: 'Directory',
  42: 'BlockDevice',
  49: 'File',
  77: 'Socket',
};

const ANONYMOUS: Readonly<Record<string, string>> = {
  eventfd: 'Event',
  eventpoll: 'Epoll',
  timerfd: 'Timer',
  signalfd: 'Signal',
  inotify: 'Inotify',
  fanotify: 'Fanotify',
  io_uring: 'IoUring',
  pidfd: 'Process',
  perf_event: 'PerfEvent',
  userfaultfd: 'UserFault',
};

function typeOf({ link, mode }: LookedAt): string {
  const name = link ?? '';
  const anonymous = /^anon_inode:\[?([\w-]+)/.exec(name)?.[1];
  if (anonymous !== undefined) return ANONYMOUS[anonymous.replace('-', '_')] ?? anonymous;
  if (name.startsWith('socket:')) return 'Socket';
  if (name.startsWith('pipe:')) return 'Pipe';
  if (name.startsWith('/memfd:')) return 'Memory';
  // A bare stub does not tell what a path is of.
  return KINDS[mode >> 9] ?? (name.startsWith('/dev/') ? 'CharDevice' : 'File');
}

const ACCESS = ['Read', 'Write', 'ReadWrite', 'Path'] as const;
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0o2000, 'Append'],
  [0o4000, 'NonBlock'],
  [0o40000, 'Direct'],
  [0o200000, 'Directory'],
  [0o2000000, 'CloseOnExec'],
];

/** `ReadWrite,CloseOnExec`. */
export function flagsText(flags: number): string {
  const access = ACCESS[flags & 3] ?? '';
  return [access, ...FLAGS.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name]))].join(',');
}
