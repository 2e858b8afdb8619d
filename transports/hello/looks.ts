import type { PeerLooks } from '../errors/peer-errors.ts';

/** What is likely to be met on a wrong port, by its first bytes as text. */
const texts: readonly (readonly [RegExp, PeerLooks])[] = [
  [/^(GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|CONNECT|PATCH|PRI) |^HTTP\//, 'HTTP'],
  [/^SSH-/, 'SSH'],
  // Remote serial protocol: acknowledgements, then `$packet#xx`. Some stubs send an acknowledgement alone.
  [/^[+-]*\$|^[+-]+$/, 'gdbserver'],
  [/^220[ -].*SMTP|^(EHLO|HELO) /i, 'SMTP'],
  [/^220[ -]/, 'FTP'],
];

/** By its first bytes in hexadecimal. */
const bytes: readonly (readonly [RegExp, PeerLooks])[] = [
  // A TLS record: handshake (a client's or server's hello) or alert, version 3.x.
  [/^1[56]030[0-4]/, 'TLS'],
  // DCE RPC, connection-oriented, version 5: the packet types are 0 to 19.
  [/^050[01](0[0-9a-f]|1[0-3])/, 'RPC'],
  // TPKT, version 3.
  [/^030000/, 'RDP'],
  // NetBIOS session header, then SMB 1 or 2.
  [/^0000.{4}f[ef]534d42/, 'SMB'],
];

/** What a peer that did not speak our protocol most likely is. */
export function looksLike(opening: Buffer): PeerLooks {
  if (opening.length === 0) return 'closed';
  const find = (signs: typeof texts, text: string) => signs.find(([sign]) => sign.test(text))?.[1];
  return find(texts, opening.toString('latin1')) ?? find(bytes, opening.toString('hex')) ?? 'unknown';
}
