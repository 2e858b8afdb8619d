import { readFileSync, statSync } from 'node:fs';
import { z } from '../../../transports/zod.ts';
import { natsErrors } from './errors.ts';

/** How a hub reaches NATS and what it lays out there. Secrets come from files or the environment, never from a command line. */
export interface NatsSettings {
  /** `nats://HOST:PORT` or `tls://HOST:PORT`, without credentials. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Text of a credentials file (user JWT and seed). */
  readonly creds?: string;
  /** PEM texts; an empty object: TLS with the authorities that the machine trusts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Of all streams and subjects, so that several hubs' stores can share servers. */
  readonly prefix?: string;
  /** Streams that histories are spread over: fixed by the first hub that opens the store. */
  readonly shards?: number;
  /** Absent: 3 in a cluster of three or more servers, else 1. */
  readonly replicas?: number;
  /** Days that the servers keep an entry whatever happens: the backstop. */
  readonly historyDays?: number;
  readonly auditDays?: number;
  /** Milliseconds after which a silent hub's connections count as gone. */
  readonly lifetime?: number;
  /** Milliseconds to wait for servers that do not answer at the start. */
  readonly patience?: number;
}

export const natsDefaults = {
  prefix: 'hawser',
  shards: 16,
  historyDays: 400,
  auditDays: 400,
  lifetime: 15_000,
} as const;

const path = z.string().min(1);
const file = z.strictObject({
  servers: z.array(z.string()).min(1).max(100),
  user: z.string().optional(),
  password: z.string().optional(),
  passwordFile: path.optional(),
  token: z.string().optional(),
  credsFile: path.optional(),
  tls: z.strictObject({ ca: path.optional(), cert: path.optional(), key: path.optional() }).optional(),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .optional(),
  shards: z.int().min(1).max(256).optional(),
  replicas: z.literal([1, 3, 5]).optional(),
  historyDays: z.int().min(8).max(10_000).optional(),
  auditDays: z.int().min(1).max(10_000).optional(),
});

/**
 * From a JSON file (docs/hub.md), which must be its owner's alone where it holds a secret.
 * @throws HawserError `HUB_SETTINGS`
 */
export function natsSettingsFromFile(name: string): NatsSettings {
  const parsed = file.safeParse(parseJson(name, readText(name, name)));
  if (!parsed.success) throw natsErrors.settings(name, describe(parsed.error));
  const { passwordFile, credsFile, tls, servers, ...rest } = parsed.data;
  if (rest.password !== undefined || rest.token !== undefined || servers.some((url) => url.includes('@')))
    ownersOnly(name);
  return natsSettings(name, servers, {
    ...rest,
    ...(passwordFile === undefined ? {} : { password: secret(name, passwordFile).trimEnd() }),
    ...(credsFile === undefined ? {} : { creds: secret(name, credsFile) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca === undefined ? {} : { ca: readText(name, tls.ca) }),
            ...(tls.cert === undefined ? {} : { cert: readText(name, tls.cert) }),
            ...(tls.key === undefined ? {} : { key: secret(name, tls.key) }),
          },
        }),
  });
}

/**
 * From a command line, where no secret may stand: `HAWSER_NATS_USER` and `HAWSER_NATS_PASSWORD` give them, or a credentials file.
 * @throws HawserError `HUB_SETTINGS`
 */
export function natsSettingsFromOptions(
  urls: string,
  { creds, ca }: { readonly creds?: string | undefined; readonly ca?: string | undefined },
  env: NodeJS.ProcessEnv,
): NatsSettings {
  if (urls.includes('@'))
    throw natsErrors.settings(
      '-nats',
      'a user or password does not belong on a command line, where others see it: use HAWSER_NATS_USER and HAWSER_NATS_PASSWORD, or -nats-creds',
    );
  const { HAWSER_NATS_USER: user, HAWSER_NATS_PASSWORD: password } = env;
  return natsSettings('-nats', urls.split(','), {
    ...(user ? { user, password: password ?? '' } : {}),
    ...(creds === undefined ? {} : { creds: secret('-nats-creds', creds) }),
    ...(ca === undefined ? {} : { tls: { ca: readText('-nats-ca', ca) } }),
  });
}

/** For people and logs: where, without who. */
export function placesOf({ servers }: NatsSettings): readonly string[] {
  return servers;
}

/** Takes user and password out of addresses, and TLS from their scheme. */
export function natsSettings(
  where: string,
  servers: readonly string[],
  rest: { -readonly [Key in keyof NatsSettings]?: NatsSettings[Key] | undefined },
): NatsSettings {
  const settings: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  );
  settings.servers = servers.map((text) => {
    const url = parseUrl(where, text.trim());
    if (url.username !== '') settings.user = decodeURIComponent(url.username);
    if (url.password !== '') settings.password = decodeURIComponent(url.password);
    if (url.protocol === 'tls:') settings.tls ??= {};
    return `${url.protocol}//${url.host}`;
  });
  return settings as unknown as NatsSettings;
}

function parseUrl(where: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '')
    // Never the text itself: it may hold a password.
    throw natsErrors.settings(where, 'an address is not of the form nats://HOST:PORT or tls://HOST:PORT');
  return url;
}

function parseJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw natsErrors.settings(where, 'it is not JSON');
  }
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not valid'}`;
}

function readText(where: string, name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    throw natsErrors.settings(where, `${name} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function secret(where: string, name: string): string {
  const text = readText(where, name);
  ownersOnly(name);
  return text;
}

function ownersOnly(name: string): void {
  if ((statSync(name).mode & 0o077) !== 0)
    throw natsErrors.settings(
      name,
      'it holds a secret and others may read it (chmod 600 keeps it to its owner)',
    );
}
