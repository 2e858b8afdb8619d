import { createHash } from 'node:crypto';
import { storeErrors } from '../errors.ts';

/** Longer parts are told apart by their hash. */
const LONGEST_PART = 90;

/**
 * A key of any texts, equal only for equal texts: each part with `=HH` for what is not [A-Za-z0-9_-], with dots between. So a
 * prefix that ends in a dot means just those keys that begin with the same parts.
 */
export function keyOf(...parts: readonly string[]): string {
  return parts.map(escapePart).join('.');
}

/** For `list` and `watch`: every key with these first parts and at least one more. */
export function prefixOf(...parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${keyOf(...parts)}.`;
}

/** The parts of a key of `keyOf`; undefined for one that is only its hash. */
export function partsOf(key: string): readonly (string | undefined)[] {
  return key.split('.').map((part) => (part.startsWith('=h') ? undefined : unescapePart(part)));
}

function escapePart(part: string): string {
  const escaped = [...Buffer.from(part, 'utf8')]
    .map((byte) =>
      isPlain(byte) ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
  if (escaped.length <= LONGEST_PART && escaped !== '') return escaped;
  return `=h${createHash('sha256').update(part).digest('hex')}`;
}

function unescapePart(part: string): string {
  const bytes = part.replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function isPlain(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x5f
  );
}

/** @returns the key. @throws HawserError `STORE_FAILED` for what is none. */
export function checkKey(key: string): string {
  if (!/^[A-Za-z0-9_=.-]{1,200}$/.test(key)) throw storeErrors.badKey(key);
  return key;
}
