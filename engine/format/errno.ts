import { ERRNO } from './errno-table.ts';

const BY_NUMBER = new Map(ERRNO.map(([number, name, text]) => [number, { name, text }]));

/** `(errno) 0x2 (2) - No such file or directory (ENOENT)`; a negative number is one of the kernel's own answers. */
export function errnoText(value: number): string {
  const number = Math.abs(value);
  const known = BY_NUMBER.get(number);
  const digits = `(errno) ${number === 0 ? '0' : `0x${number.toString(16)}`} (${number})`;
  if (known) return `${digits} - ${known.text} (${known.name})`;
  return `${digits} - ${number === 0 ? 'No error' : 'Unknown error'}`;
}
