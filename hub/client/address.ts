import { hubClientErrors } from './errors.ts';

/**
 * A hub's address as people write it, as its origin: `hub`, `hub:8443` and `https://hub:8443/` are `https://hub:8443`.
 * @throws HawserError `HUB_ADDRESS`
 */
export function hubOrigin(text: string): string {
  const address = text.trim();
  const refuse = (why: string) => hubClientErrors.badAddress(address, why);
  if (address === '') throw refuse('it is empty');
  if (/^http:/i.test(address)) throw refuse('a hub speaks https only');
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`);
  } catch {
    throw refuse('it cannot be read');
  }
  if (url.protocol !== 'https:') throw refuse('a hub speaks https only');
  if (url.username !== '' || url.password !== '')
    throw refuse('a name and password do not go into an address');
  if (url.hostname === '') throw refuse('the host is missing');
  return url.origin;
}
