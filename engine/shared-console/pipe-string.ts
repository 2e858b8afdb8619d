import type {
  NpipeClientString,
  NpipeServerString,
  SpipeClientString,
  SpipeServerString,
} from '../../transports/connection-string.ts';
import { Secret } from '../../transports/secret.ts';
import { pipeOf } from './pipe-name.ts';

/** The certificate whose key both ends of a session of Remote.exe have. */
export interface SharingCertificate {
  readonly store: 'user' | 'machine';
  /** Subject or thumbprint. */
  readonly certificate: string;
}

interface Sharing {
  readonly name: string;
  readonly certificate: SharingCertificate | null;
}

/** Where a session called so listens. */
export function serverString({
  name,
  certificate,
  password,
}: Sharing & { readonly password: string | undefined }): NpipeServerString | SpipeServerString {
  const place = {
    role: 'server',
    pipe: pipeOf(name),
    ...(password !== undefined && { password: new Secret(password) }),
  } as const;
  return certificate
    ? { protocol: 'spipe', proto: 'tls1', ...certificate, ...place }
    : { protocol: 'npipe', ...place };
}

/** Where one joins it. */
export function clientString(
  server: string,
  { name, certificate }: Sharing,
): NpipeClientString | SpipeClientString {
  const place = { role: 'client', server, pipe: pipeOf(name) } as const;
  return certificate
    ? { protocol: 'spipe', proto: 'tls1', ...certificate, ...place }
    : { protocol: 'npipe', ...place };
}
