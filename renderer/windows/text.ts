/** ``00007fff`f7d8a740``, of an address as it travels. */
export function addressText(address: string): string {
  const digits = address.slice(2).padStart(16, '0');
  return `${digits.slice(0, 8)}\`${digits.slice(8)}`;
}

/** `wheel.c`, of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A number that means the same whatever base numbers are read in. */
export const anyRadix = (value: number): string => (value < 10 ? String(value) : `0n${value}`);
