import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** What a viewer holds: enough to read a session and to know its history for the host's; not to add to it. 32 bytes each. */
export interface ClientKeys {
  readonly role: 'client';
  readonly secret: Buffer;
  /** Ed25519, raw: with it each entry of the history is checked. */
  readonly verifier: Buffer;
}

/** What the host and the agent hold: also what orders are sealed with, and entries signed. 32 bytes each. */
export interface HostKeys {
  readonly role: 'host';
  readonly secret: Buffer;
  readonly hostSecret: Buffer;
}

export type SessionKeys = ClientKeys | HostKeys;

/** Made at the host's computer, for one session. */
export function createHostKeys(): HostKeys {
  return { role: 'host', secret: randomBytes(32), hostSecret: randomBytes(32) };
}

/** What of the host's keys goes to those who are invited. */
export function clientKeysOf(keys: SessionKeys): ClientKeys {
  if (keys.role === 'client') return keys;
  return { role: 'client', secret: keys.secret, verifier: rawPublic(signingKey(keys)) };
}

/** Whether two are of the same session. */
export function sameSession(a: SessionKeys, b: SessionKeys): boolean {
  return (
    timingSafeEqual(a.secret, b.secret) && timingSafeEqual(clientKeysOf(a).verifier, clientKeysOf(b).verifier)
  );
}

/** Entries are sealed with it. */
export function historyKey(session: string, { secret }: SessionKeys): Buffer {
  return derive(secret, session, 'history');
}

/** Orders are sealed with it. */
export function orderKey(session: string, { hostSecret }: HostKeys): Buffer {
  return derive(hostSecret, session, 'orders');
}

/** Ed25519, from the host's secret alone: whoever has the host's link has it, on whatever computer. */
export function signingKey({ hostSecret }: HostKeys): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', hostSecret, '', 'hawser hosted session 1 signing', 32));
  // RFC 8410: what stands before the seed in PKCS#8.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export function verifyingKey(keys: SessionKeys): KeyObject {
  const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), clientKeysOf(keys).verifier]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function rawPublic(key: KeyObject): Buffer {
  return (createPublicKey(key).export({ type: 'spki', format: 'der' }) as Buffer).subarray(-32);
}

function derive(secret: Buffer, session: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, session, `hawser hosted session 1 ${purpose}`, 32));
}
