import * as client from 'openid-client';
import { administrationErrors } from '../errors.ts';

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Finds the provider out when it is first wanted, and again after a failure: a hub starts without it.
 * @throws HawserError `HUB_SETTINGS`
 */
export function providerOf({
  issuer,
  clientId,
  clientSecret,
}: ProviderOptions): () => Promise<client.Configuration> {
  const url = issuerOf(issuer);
  let found: Promise<client.Configuration> | null = null;
  return () => {
    found ??= client
      .discovery(url, clientId, clientSecret, undefined, {
        timeout: 15,
        // Only ever within this machine, see issuerOf.
        execute: url.protocol === 'http:' ? [client.allowInsecureRequests] : [],
      })
      .catch((error) => {
        found = null;
        throw error;
      });
    return found;
  };
}

function issuerOf(text: string): URL {
  const wrong = (why: string) =>
    administrationErrors.settings(
      `-oidc ${why}`,
      'Give the issuer as the provider names it: https://HOST/….',
    );
  if (!URL.canParse(text)) throw wrong('cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    throw wrong('is not https');
  return url;
}
