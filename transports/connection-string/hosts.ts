/** Addresses that mean a place rather than a machine. */

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || /^[0:]+$/.test(address);
}

export function isLoopback(address: string): boolean {
  const host = address.toLowerCase();
  return (
    host === 'localhost' || host === '::1' || host === '0:0:0:0:0:0:0:1' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
