import { createHash, randomBytes } from 'node:crypto';

/** 256 bits nobody can guess, as they stand in links. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is kept of a token, and the key it is found by. A plain hash is enough for 256 random bits, and that a look-up is by
 * the hash keeps its time from telling anything about tokens that there are.
 */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 60 bits that a person can copy: for what is tried once. */
export function newCode(): string {
  return [...randomBytes(12)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** 128 bits: a session, a connection. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}
