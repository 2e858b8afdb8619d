import { randomBytes } from 'node:crypto';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { ChannelBinding } from '../transport.ts';
import { clientKeys, equal, hmac, MAX_ITERATIONS, MIN_ITERATIONS, saltedPassword, xor } from './keys.ts';
import { attributes, bindingInput, broken, fromBase64, gs2Header, isNonce } from './messages.ts';

export interface ScramClientOptions {
  /** Present on an encrypted channel; the server must agree on it. */
  readonly channelBinding?: ChannelBinding | undefined;
  /** For tests: RFC 7677's example. */
  readonly nonce?: string;
  readonly username?: string;
}

/** A server of ours has one password and ignores the name; the RFC wants one. */
const USERNAME = 'hawser';

/** One exchange, the client's side: `first`, then `final` with the server's answer, then `verify`. */
export class ScramClient {
  readonly #binding: ChannelBinding | undefined;
  readonly #nonce: string;
  readonly #bare: string;
  #serverSignature: Buffer | null = null;

  constructor(options: ScramClientOptions = {}) {
    this.#binding = options.channelBinding;
    this.#nonce = options.nonce ?? randomBytes(24).toString('base64');
    this.#bare = `n=${options.username ?? USERNAME},r=${this.#nonce}`;
  }

  first(): string {
    return gs2Header(this.#binding) + this.#bare;
  }

  /** @throws HawserError `PROTOCOL_VIOLATION` */
  async final(serverFirst: string, password: string): Promise<string> {
    const [nonce, salt64, count] = attributes(serverFirst, ['r', 's', 'i']);
    if (!isNonce(nonce) || !nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw broken("the server's nonce does not continue ours");
    const salt = fromBase64(salt64, 'the salt');
    const iterations = /^[1-9]\d{0,8}$/.test(count) ? Number(count) : 0;
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS)
      throw broken(`an iteration count must be from ${MIN_ITERATIONS} to ${MAX_ITERATIONS}`);

    const salted = await saltedPassword(password, salt, iterations);
    const { clientKey, storedKey } = clientKeys(salted);
    const withoutProof = `c=${bindingInput(this.#binding)},r=${nonce}`;
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`;
    const proof = xor(clientKey, hmac(storedKey, authMessage));
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /** @throws HawserError `SERVER_NOT_PROVED` when the server does not know the password. */
  verify(serverFinal: string): void {
    const [signature] = attributes(serverFinal, ['v']);
    if (!this.#serverSignature || !equal(fromBase64(signature, 'the signature'), this.#serverSignature))
      throw connectionErrors.serverNotProved();
  }
}
