import { createHash } from 'node:crypto';
import { hubOrigin } from './address.ts';
import { hubClientErrors } from './errors.ts';
import { clientKeysOf, type SessionKeys } from './keys.ts';

/**
 * Invitation links: `https://HUB/i/TOKEN#FRAGMENT`. The token lets one person in once, and goes to the hub; the fragment holds
 * keys, and browsers never send it.
 *
 * Fragment: `1`, its version; `c` a client's or `h` the host's; then 68 bytes in base64url: the session's secret, the
 * verifier (client) or the host's secret (host), and the first four bytes of a SHA-256 over all before, so that a link that
 * was copied in part is known as such.
 */
export interface InvitationLink {
  /** The hub's origin. */
  readonly hub: string;
  readonly token: string;
  /** Null: the link has none, as when it came by another way than the key. */
  readonly keys: SessionKeys | null;
}

const TOKEN = /^[A-Za-z0-9_.~-]{16,256}$/;
const FRAGMENT = /^1([ch])([A-Za-z0-9_-]{91})$/;
const SECRET = 32;

/** The secret part of a link; `role` client: what those invited get, whatever is held here. */
export function makeFragment(keys: SessionKeys, role: SessionKeys['role'] = keys.role): string {
  const held = role === 'client' ? clientKeysOf(keys) : keys;
  if (held.role !== role) throw hubClientErrors.hostKeysNeeded();
  const second = held.role === 'client' ? held.verifier : held.hostSecret;
  const bytes = Buffer.concat([held.secret, second]);
  return `1${role[0]}${Buffer.concat([bytes, checksum(role, bytes)]).toString('base64url')}`;
}

/** @throws HawserError `BAD_INVITATION_LINK` */
export function parseFragment(fragment: string): SessionKeys {
  const [, letter, text = ''] = FRAGMENT.exec(fragment.replace(/^#/, '')) ?? [];
  if (letter === undefined) {
    throw hubClientErrors.badLink(
      /^#?[2-9]/.test(fragment) ? 'it is of a newer version of Hawser' : 'the key behind its # is not whole',
    );
  }
  const role = letter === 'h' ? 'host' : 'client';
  const bytes = Buffer.from(text, 'base64url');
  const content = bytes.subarray(0, 2 * SECRET);
  if (!bytes.subarray(2 * SECRET).equals(checksum(role, content)))
    throw hubClientErrors.badLink('the key behind its # is not whole');
  const secret = Buffer.from(content.subarray(0, SECRET));
  const second = Buffer.from(content.subarray(SECRET));
  return role === 'host' ? { role, secret, hostSecret: second } : { role, secret, verifier: second };
}

/** @param hub its origin */
export function makeLink(hub: string, token: string, fragment: string): string {
  return `${hub}/i/${token}#${fragment}`;
}

/** A link as it is pasted: with blanks, line breaks and brackets that mail programs put in and around. @throws HawserError `BAD_INVITATION_LINK` */
export function parseLink(text: string): InvitationLink {
  const pasted = text.replace(/\s+/g, '').replace(/^[<("']+|[>)"']+$/g, '');
  let url: URL;
  try {
    url = new URL(pasted);
  } catch {
    throw hubClientErrors.badLink('it does not begin with https://');
  }
  if (url.protocol !== 'https:') throw hubClientErrors.badLink('it does not begin with https://');
  const token = /^\/i\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  if (token === undefined || !TOKEN.test(token))
    throw hubClientErrors.badLink('there is no invitation in it');
  return {
    hub: hubOrigin(url.origin),
    token,
    keys: url.hash.length > 1 ? parseFragment(url.hash) : null,
  };
}

function checksum(role: SessionKeys['role'], bytes: Buffer): Buffer {
  return createHash('sha256').update(`1${role[0]}`).update(bytes).digest().subarray(0, 4);
}
