import { timingSafeEqual } from 'node:crypto';
import * as client from 'openid-client';
import { toHawserError } from '../../../transports/errors/error.ts';
import type { Records } from '../../store/store.ts';
import { normalized } from '../accounts.ts';
import type { BrowserSignIn, HubContext } from '../context.ts';
import { callerErrors } from '../errors.ts';
import type { Page } from '../pages.ts';
import type { AccountRecord, OidcDoneRecord, OidcPendingRecord, TokenRecord } from '../records.ts';
import { emailSchema, nameSchema } from '../schemas.ts';
import { hashOf, newCode, newToken } from '../secrets.ts';
import { type ProviderOptions, providerOf } from './provider.ts';

/** From the start of a sign-in to its end. */
const LIFETIME_MS = 10 * 60_000;

export interface OidcOptions extends ProviderOptions {
  /** Who signs in and has no account gets one that may join sessions. */
  readonly newcomersMayJoin: boolean;
}

type Hub = Pick<HubContext, 'settings' | 'store' | 'accounts' | 'audit'>;

/**
 * Sign-in by an OpenID Connect provider: authorization code with PKCE, state and nonce. What is under way stands in the store, so
 * that the browser may come back to another hub.
 */
export class OidcSignIn implements BrowserSignIn {
  readonly #hub: Hub;
  readonly #options: OidcOptions;
  readonly #tokens: Records<TokenRecord>;
  readonly #provider: () => Promise<client.Configuration>;

  constructor(hub: Hub, options: OidcOptions) {
    this.#hub = hub;
    this.#options = options;
    this.#tokens = hub.store.records<TokenRecord>('tokens');
    this.#provider = providerOf(options);
  }

  /** @param loopback port of the caller's own computer that the browser is sent to in the end. @throws HawserError `SIGN_IN_FAILED` */
  async start(loopback: number | undefined): Promise<{ readonly url: string; readonly ticket: string }> {
    const provider = await this.#provider().catch((error) => {
      throw this.#refused(`the provider cannot be reached (${reasonOf(error)})`, error);
    });
    const [ticket, state, nonce] = [newToken(), newToken(), newToken()];
    const verifier = client.randomPKCECodeVerifier();
    await this.#tokens.put(
      hashOf(state),
      {
        kind: 'oidcPending',
        ticket: hashOf(ticket),
        nonce,
        verifier,
        loopback: loopback ?? null,
        expires: this.#hub.settings.now() + LIFETIME_MS,
      },
      0,
    );
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirect,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, ticket };
  }

  /** The browser is back from the provider: where it goes on, or what it shows. Whether it went well is told to who has ticket and code. */
  async callback(query: URLSearchParams): Promise<{ readonly to: string } | { readonly page: Page }> {
    const state = query.get('state') ?? '';
    const key = hashOf(state);
    const found = await this.#tokens.get(key);
    const pending = found?.value;
    const late = pending?.kind !== 'oidcPending' || pending.expires <= this.#hub.settings.now();
    // Once: whoever reads the address in a history comes too late.
    if (late || !(await this.#tokens.delete(key, found?.revision))) return { page: latePage };
    const outcome = await this.#outcome(query, state, pending).catch((error) => ({
      email: null,
      failure: toHawserError(error).code === 'INTERNAL' ? reasonOf(error) : toHawserError(error).message,
    }));
    const code = newCode();
    const expires = this.#hub.settings.now() + LIFETIME_MS;
    await this.#tokens.put(pending.ticket, { kind: 'oidcDone', code: hashOf(code), ...outcome, expires });
    if (pending.loopback !== null) return { to: `http://127.0.0.1:${pending.loopback}/?code=${code}` };
    return { page: { ...codePage, code } };
  }

  /** @throws HawserError `SIGN_IN_FAILED`, `SIGN_IN_EXPIRED` */
  async finish(ticket: string, code: string): Promise<AccountRecord> {
    const key = hashOf(ticket);
    const found = await this.#tokens.get(key);
    const done = found?.value;
    if (!found || done?.kind !== 'oidcDone')
      throw this.#refused('nobody has come back from the provider yet');
    if (!(await this.#tokens.delete(key, found.revision))) throw callerErrors.signInExpired();
    const given = Buffer.from(hashOf(code.trim().toUpperCase()));
    if (!timingSafeEqual(given, Buffer.from(done.code))) throw this.#refused('the code is not the right one');
    if (done.expires <= this.#hub.settings.now()) throw callerErrors.signInExpired();
    if (done.email === null) throw this.#refused(done.failure);
    const record = await this.#hub.accounts.find(done.email);
    if (!record) throw this.#refused('the account is gone');
    return record;
  }

  get #redirect(): string {
    return `${this.#hub.settings.url}/oidc/callback`;
  }

  async #outcome(
    query: URLSearchParams,
    state: string,
    { nonce, verifier }: OidcPendingRecord,
  ): Promise<Pick<OidcDoneRecord, 'email' | 'failure'>> {
    const provider = await this.#provider();
    const tokens = await client.authorizationCodeGrant(provider, new URL(`${this.#redirect}?${query}`), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw this.#refused('the provider did not say who signed in');
    const facts =
      claims.email === undefined && provider.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
        : claims;
    if (facts.email_verified !== true)
      throw this.#refused('the provider does not vouch for the e-mail address');
    const email = emailSchema.safeParse(facts.email);
    if (!email.success) throw this.#refused('the provider did not give an e-mail address');
    await this.#accountOf(normalized(email.data), facts.name);
    return { email: normalized(email.data), failure: '' };
  }

  async #accountOf(email: string, name: unknown): Promise<void> {
    if (await this.#hub.accounts.find(email)) return;
    if (!this.#options.newcomersMayJoin) throw this.#refused(`there is no account ${email} at this hub`);
    const rights = { mayHost: false, mayJoin: true, administrator: false };
    const shown = nameSchema.safeParse(name);
    await this.#hub.accounts.add({ email, name: shown.success ? shown.data : email, ...rights });
    await this.#hub.audit.write({ who: 'hub', from: '' }, 'account.add', { email, ...rights, by: 'oidc' });
  }

  #refused(reason: string, cause?: unknown) {
    return callerErrors.providerRefused(reason, this.#hub.settings.contact, cause);
  }
}

const codePage: Page = {
  title: 'Signed in',
  text: ['Copy this code into Hawser, which waits for it. Give it to nobody else.'],
};

const latePage: Page = {
  title: 'This sign-in is over',
  text: ['It took too long, or was used already. Start it again in Hawser.'],
};

/** What the provider said, without what was sent to it. */
function reasonOf(error: unknown): string {
  const { error_description: said, error: code, message } = error as Record<string, unknown>;
  for (const text of [said, code, message])
    if (typeof text === 'string' && text !== '') return text.replace(/\p{Cc}/gu, ' ').slice(0, 200);
  return 'no reason given';
}
