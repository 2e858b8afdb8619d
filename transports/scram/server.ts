import { randomBytes } from 'node:crypto';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { ChannelBinding } from '../transport.ts';
import { equal, hmac, type ScramVerifier, sha256, xor } from './keys.ts';
import { attributes, bindingInput, broken, fromBase64, gs2Header, isNonce } from './messages.ts';

export interface ScramServerOptions {
  /** Present on an encrypted channel; then a client without it is refused. */
  readonly channelBinding?: ChannelBinding | undefined;
  /** For tests: RFC 7677's example. */
  readonly nonce?: string;
}

/** One exchange, the server's side: `first` with the client's first message, then `final` with its second. */
export class ScramServer {
  readonly #verifier: ScramVerifier;
  readonly #binding: ChannelBinding | undefined;
  readonly #ownNonce: string;
  #nonce = '';
  #soFar = '';

  constructor(verifier: ScramVerifier, options: ScramServerOptions = {}) {
    this.#verifier = verifier;
    this.#binding = options.channelBinding;
    this.#ownNonce = options.nonce ?? randomBytes(24).toString('base64');
  }

  /** @throws HawserError `PROTOCOL_VIOLATION` */
  first(clientFirst: string): string {
    const header = gs2Header(this.#binding);
    // Also `y,,`: a client that thinks we cannot bind the channel, when we can, was lied to (RFC 5802, section 6).
    if (!clientFirst.startsWith(header))
      throw broken(`the channel must be bound as ${header.slice(0, -2)}, at both ends alike`);
    const bare = clientFirst.slice(header.length);
    const [, clientNonce] = attributes(bare, ['n', 'r']);
    if (!isNonce(clientNonce)) throw broken('the nonce has characters that it must not have');
    this.#nonce = clientNonce + this.#ownNonce;
    const { salt, iterations } = this.#verifier;
    const answer = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
    this.#soFar = `${bare},${answer}`;
    return answer;
  }

  /**
   * The server's own proof, when the client's is right. Each attempt takes the same steps, right or wrong.
   * @throws HawserError `WRONG_PASSWORD`, `PROTOCOL_VIOLATION`
   */
  final(clientFinal: string): string {
    const [binding, nonce, proof64] = attributes(clientFinal, ['c', 'r', 'p']);
    if (nonce !== this.#nonce || this.#nonce === '')
      throw broken('the nonce is not the one that was agreed on');
    const { storedKey, serverKey } = this.#verifier;
    const proof = fromBase64(proof64, 'the proof');
    if (proof.length !== storedKey.length) throw broken('the proof has the wrong length');
    const authMessage = `${this.#soFar},c=${binding},r=${nonce}`;
    const clientKey = xor(proof, hmac(storedKey, authMessage));
    const known = equal(sha256(clientKey), storedKey);
    // A client whose channel is not ours: somebody relays. It learns as little as one with a wrong password.
    const bound = equal(Buffer.from(binding), Buffer.from(bindingInput(this.#binding)));
    if (!known || !bound) throw connectionErrors.wrongPassword();
    return `v=${hmac(serverKey, authMessage).toString('base64')}`;
  }
}
