/**
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without a zero among them, so that a zero can
 * stand between frames, and after any damage the next zero is where reading begins anew.
 */

/** Data bytes of a block at most; a full block stands for no zero. */
const FULL = 254;

/** Bytes that `length` bytes have when stuffed, at most. */
export function stuffedLength(length: number): number {
  return length + Math.floor(length / FULL) + 1;
}

/** Writes `bytes` stuffed into `out` at `at`, which has the room. Returns where it ends. */
export function stuff(bytes: Uint8Array, out: Uint8Array, at: number): number {
  let from = 0;
  for (;;) {
    const limit = Math.min(from + FULL, bytes.length);
    const zero = bytes.indexOf(0, from);
    const end = zero < 0 || zero > limit ? limit : zero;
    const run = end - from;
    out[at] = run + 1;
    out.set(bytes.subarray(from, end), at + 1);
    at += run + 1;
    if (end === bytes.length) return at;
    // After a full block nothing is implied; otherwise the zero itself.
    from = run === FULL ? end : end + 1;
  }
}

/** The bytes that were stuffed, or null for what no `stuff` makes. `bytes` has no zero in it. */
export function unstuff(bytes: Uint8Array): Buffer | null {
  if (bytes.length === 0) return null;
  const out = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    const end = at + code;
    if (code === 0 || end > bytes.length) return null;
    out.set(bytes.subarray(at + 1, end), to);
    to += code - 1;
    at = end;
    if (code !== FULL + 1 && at < bytes.length) out[to++] = 0;
  }
  return out.subarray(0, to);
}
