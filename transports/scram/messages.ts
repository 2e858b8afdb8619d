import { connectionErrors } from '../errors/connection-errors.ts';
import type { ChannelBinding } from '../transport.ts';

/** A nonce longer than this is nobody's. */
const MAX_MESSAGE = 2048;

export const broken = (what: string) => connectionErrors.protocolViolation(`SCRAM: ${what}`);

/**
 * `a=…,b=…` in exactly the order of `names`. Extensions after them are refused: none is defined (RFC 5802, section 5.1).
 * @throws HawserError `PROTOCOL_VIOLATION`
 */
export function attributes<const N extends readonly string[]>(
  text: string,
  names: N,
): { readonly [K in keyof N]: string } {
  if (text.length > MAX_MESSAGE) throw broken('a message is too long');
  const parts = text.split(',');
  if (parts.length !== names.length) throw broken('a message has not the attributes that it must have');
  return parts.map((part, index) => {
    const name = names[index];
    if (!part.startsWith(`${name}=`)) throw broken(`attribute ${name}= is missing`);
    return part.slice(2);
  }) as { readonly [K in keyof N]: string };
}

export function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) throw broken(`${what} is not base64`);
  return bytes;
}

/** `n,,` without channel binding, `p=tls-exporter,,` with it. */
export function gs2Header(binding: ChannelBinding | undefined): string {
  return binding ? `p=${binding.type},,` : 'n,,';
}

/** What the final message carries as `c=`: the header and, with binding, the channel's own bytes. */
export function bindingInput(binding: ChannelBinding | undefined): string {
  const header = Buffer.from(gs2Header(binding));
  return Buffer.concat(binding ? [header, binding.data] : [header]).toString('base64');
}

/** Printable without a comma (RFC 5802, section 7). */
export function isNonce(text: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]+$/.test(text);
}
