/** The ends of a socket, as /proc/net tells them. */
export interface SocketEnds {
  /** `TCP`, `UDP6`, `Unix`. */
  readonly protocol: string;
  /** `127.0.0.1:5005`, a path; '' where it has none. */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
}

/** Of /proc/PID/net. */
export const SOCKET_FILES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'] as const;

const TCP_STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
];
const UNIX_STATES = ['', 'UNCONNECTED', 'CONNECTING', 'CONNECTED', 'DISCONNECTING'];
/** `SO_ACCEPTCON`. */
const LISTENS = 0x10000;

/** By inode, as text. */
export function socketsIn(text: (name: (typeof SOCKET_FILES)[number]) => string): Map<string, SocketEnds> {
  const found = new Map<string, SocketEnds>();
  for (const name of SOCKET_FILES)
    for (const line of text(name).split('\n').slice(1)) {
      const read = name === 'unix' ? unixSocket(line) : internetSocket(name, line);
      if (read) found.set(read.inode, read.ends);
    }
  return found;
}

/** `  0: 0100007F:138D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 12345 …`. */
function internetSocket(name: string, line: string): { inode: string; ends: SocketEnds } | null {
  const fields = line.trim().split(/\s+/);
  const [, local, remote, state = '', , , , , , inode] = fields;
  if (inode === undefined || local === undefined || remote === undefined) return null;
  const number = Number.parseInt(state, 16);
  const to = addressText(remote);
  return {
    inode,
    ends: {
      protocol: name.toUpperCase(),
      local: addressText(local),
      remote: /:0$/.test(to) ? '' : to,
      state: name.startsWith('tcp') ? (TCP_STATES[number] ?? state) : '',
    },
  };
}

/** `0100007F:138D`: words in the machine's own order, then the port. */
function addressText(text: string): string {
  const [digits = '', port = '0'] = text.split(':');
  const bytes = Buffer.from(digits, 'hex');
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${[...bytes].join('.')}:${number}`;
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The longest run of zeros in short, as is usual.
  const short = groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
  return `[${short}]:${number}`;
}

/** `0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/x`. */
function unixSocket(line: string): { inode: string; ends: SocketEnds } | null {
  const match = /^\S+ \S+ \S+ ([0-9a-fA-F]+) \S+ ([0-9a-fA-F]+) +(\d+)(?: (.*))?$/.exec(line);
  if (!match) return null;
  const [, flags = '0', state = '0', inode = '', path = ''] = match;
  const listens = (Number.parseInt(flags, 16) & LISTENS) !== 0;
  return {
    inode,
    ends: {
      protocol: 'Unix',
      local: path,
      remote: '',
      state: listens ? 'LISTEN' : (UNIX_STATES[Number.parseInt(state, 16)] ?? ''),
    },
  };
}
