/** Without characters that are easily taken for others; 16 of 54 make about 92 bits. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 16;

/** @param random fills the array, as `crypto.getRandomValues` does */
export function generatePassword(random: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const limit = 256 - (256 % ALPHABET.length);
  let password = '';
  while (password.length < LENGTH) {
    const bytes = new Uint8Array(LENGTH * 2);
    random(bytes);
    for (const byte of bytes) {
      if (byte < limit && password.length < LENGTH) password += ALPHABET[byte % ALPHABET.length];
    }
  }
  return password;
}

export type PortChoice =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** `5005` or `5000:5010`. */
export function readPort(text: string): PortChoice {
  const found = /^\s*(\d{1,5})\s*(?:[:-]\s*(\d{1,5})\s*)?$/.exec(text);
  if (!found)
    return { ok: false, reason: 'A port is a number from 1 to 65535, a range two of them: 5000:5010.' };
  const first = Number(found[1]);
  const last = found[2] === undefined ? first : Number(found[2]);
  if (first < 1 || last < 1 || first > 65535 || last > 65535) {
    return { ok: false, reason: 'Ports go from 1 to 65535.' };
  }
  if (last < first)
    return { ok: false, reason: 'The range ends before it begins: write the smaller port first.' };
  return { ok: true, text: last === first ? String(first) : `${first}:${last}` };
}

export function serverConnection(port: string, loopbackOnly: boolean): string {
  return `tcp:port=${port}${loopbackOnly ? ',bind=127.0.0.1' : ''}`;
}
