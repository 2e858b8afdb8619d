import type { TLSSocket } from 'node:tls';
import type { ChannelBinding } from '../transport.ts';

const LABEL = 'EXPORTER-Channel-Binding';
const LENGTH = 32;

/**
 * What SCRAM is bound to (RFC 9266). Under TLS 1.2 only where the master secret is bound to the handshake (RFC 7627):
 * else somebody between could have made both its connections export the same.
 */
export function channelBindingOf(socket: TLSSocket): ChannelBinding | undefined {
  const version = socket.getProtocol();
  if (version !== 'TLSv1.3' && !(version === 'TLSv1.2' && hasExtendedMasterSecret(socket.getSession())))
    return undefined;
  return { type: 'tls-exporter', data: socket.exportKeyingMaterial(LENGTH, LABEL, Buffer.alloc(0)) };
}

/** The fields of a session in ASN.1 that say it: OpenSSL's flags, and BoringSSL's own field. */
const OPENSSL_FLAGS = 0xad;
const EXTENDED_MASTER_SECRET = 1;
const BORINGSSL_FIELD = 0xb1;

/** Node has no call for it, but the session, which it hands out in DER, does say it. */
export function hasExtendedMasterSecret(session: Buffer | undefined): boolean {
  if (!session) return false;
  try {
    const [sequence] = fieldsOf(session);
    for (const { tag, content } of fieldsOf(sequence?.content ?? Buffer.alloc(0))) {
      const value = tag === OPENSSL_FLAGS || tag === BORINGSSL_FIELD ? fieldsOf(content)[0] : undefined;
      if (tag === OPENSSL_FLAGS && value?.tag === 2)
        return ((value.content.at(-1) ?? 0) & EXTENDED_MASTER_SECRET) !== 0;
      if (tag === BORINGSSL_FIELD && value?.tag === 1) return value.content[0] !== 0;
    }
  } catch {
    // Not in a form that we know: then it is not known to be bound.
  }
  return false;
}

function fieldsOf(der: Buffer): { tag: number; content: Buffer }[] {
  const fields: { tag: number; content: Buffer }[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der.readUInt8(at);
    let length = der.readUInt8(at + 1);
    at += 2;
    if (length >= 0x80) {
      const bytes = length & 0x7f;
      length = der.readUIntBE(at, bytes);
      at += bytes;
    }
    fields.push({ tag, content: der.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
