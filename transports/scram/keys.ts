import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677). Our own: of npm's packages none has the server's side or `tls-exporter`,
 * those found stop at the client's and SHA-1; and Node's crypto leaves little more than the messages to write.
 */

/** What a server keeps instead of the password. Who reads it can check passwords, and not give one. */
export interface ScramVerifier {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** RFC 7677 asks for 4096 or more; this takes some 15 to 100 ms, once a connection, at the client only. */
export const DEFAULT_ITERATIONS = 100_000;
export const MIN_ITERATIONS = 4096;
/** What a client is willing to compute for a server that it does not know yet. */
export const MAX_ITERATIONS = 2_000_000;

const KEY_BYTES = 32;
const derive = promisify(pbkdf2);

export async function createVerifier(
  password: string,
  options: { readonly iterations?: number; readonly salt?: Buffer } = {},
): Promise<ScramVerifier> {
  const { iterations = DEFAULT_ITERATIONS, salt = randomBytes(16) } = options;
  const salted = await saltedPassword(password, salt, iterations);
  const { storedKey } = clientKeys(salted);
  return { salt, iterations, storedKey, serverKey: hmac(salted, 'Server Key') };
}

export function saltedPassword(password: string, salt: Buffer, iterations: number): Promise<Buffer> {
  return derive(preparePassword(password), salt, iterations, KEY_BYTES, 'sha256');
}

export function clientKeys(salted: Buffer): { clientKey: Buffer; storedKey: Buffer } {
  const clientKey = hmac(salted, 'Client Key');
  return { clientKey, storedKey: sha256(clientKey) };
}

export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
export const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Both must be of one length. */
export function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

export function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Commonly mapped to nothing, and blanks that are mapped to the plain one (RFC 3454, tables B.1 and C.1.2). */
const TO_NOTHING = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|[\u200B-\u200D]|\u2060|[\uFE00-\uFE0F]|\uFEFF/gu;
const TO_BLANK = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu;

/**
 * The parts of SASLprep (RFC 4013) that make one password of its ways to be typed: mapping and NFKC. Its
 * prohibitions are the connection string's (printable characters only).
 */
export function preparePassword(password: string): string {
  return password.replace(TO_NOTHING, '').replace(TO_BLANK, ' ').normalize('NFKC');
}
