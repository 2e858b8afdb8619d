import { safeStorage } from 'electron';
import { z } from 'zod';
import { JsonFile, type StoreLog } from '../stores/json-file.ts';

const schema = z.object({
  /** The last hub, as its origin; '' none yet. */
  hub: z.string().max(300).default(''),
  email: z.string().max(300).default(''),
  /** Of a certificate that somebody confirmed. */
  fingerprint: z.string().max(200).nullable().default(null),
  token: z
    .object({
      /** Encrypted by the system's key store, in base64; else as it is. */
      sealed: z.boolean(),
      text: z.string().max(8192),
    })
    .nullable()
    .default(null),
});

type Kept = z.infer<typeof schema>;

export interface SignIn {
  readonly hub: string;
  readonly email: string;
  readonly fingerprint: string | null;
  /** Null: not signed in. */
  readonly token: string | null;
}

/**
 * Who is signed in where, across starts. The token is encrypted with the system's key store where it has one; elsewhere the
 * file's mode (0600) guards it, as it guards the keys of sessions.
 */
export class TokenStore {
  readonly #file: JsonFile<Kept>;
  readonly #log: StoreLog;

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile(path, schema, () => schema.parse({}), log);
    this.#log = log;
  }

  get sealed(): boolean {
    return keyStore();
  }

  read(): SignIn {
    const { hub, email, fingerprint, token } = this.#file.read();
    return { hub, email, fingerprint, token: token && this.#open(token) };
  }

  write({ hub, email, fingerprint, token }: SignIn): void {
    this.#file.write({ hub, email, fingerprint, token: token === null ? null : close(token) });
  }

  #open({ sealed, text }: NonNullable<Kept['token']>): string | null {
    if (!sealed) return text;
    try {
      return safeStorage.decryptString(Buffer.from(text, 'base64'));
    } catch (error) {
      this.#log.warn(`the kept sign-in cannot be opened: ${error instanceof Error ? error.message : ''}`);
      return null;
    }
  }
}

/** Without a key store Linux's is `basic_text`, whose key everybody knows. */
function keyStore(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

function close(token: string): NonNullable<Kept['token']> {
  if (!keyStore()) return { sealed: false, text: token };
  return { sealed: true, text: safeStorage.encryptString(token).toString('base64') };
}
