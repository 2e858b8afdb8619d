import { hostname } from 'node:os';
import { administer } from '../../hub/server/administration.ts';
import { openConsole } from '../../hub/server/console.ts';
import type { HubContext } from '../../hub/server/context.ts';
import {
  givenCertificate,
  type HubCertificate,
  ownCertificate,
  prepareFolder,
} from '../../hub/server/data-folder.ts';
import { startHub } from '../../hub/server/hub.ts';
import type { InvitationMail } from '../../hub/server/mail/mail.ts';
import { smtpMail } from '../../hub/server/mail/smtp.ts';
import type { OidcOptions } from '../../hub/server/oidc/oidc.ts';
import { defaultSettings } from '../../hub/server/settings.ts';
import { keepSwept } from '../../hub/server/sweeper.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import { firstLine } from '../cli/given-file.ts';
import { UsageError } from '../cli/options.ts';
import { version } from '../cli/version.ts';
import { dataFolder, openStore } from './store.ts';

type Values = ReadonlyMap<string, string>;

const DEFAULT_PORT = 8443;
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Runs a hub until it is told to stop. */
export async function serve(values: Values): Promise<number> {
  const port = portOf(values.get('port'));
  const url = urlOf(values.get('url'), port);
  const folder = dataFolder(values);
  await prepareFolder(folder);
  const store = await openStore(values);
  const ends: (() => Promise<unknown>)[] = [() => store.close()];
  try {
    const certificate = await certificateOf(values, folder, new URL(url).hostname);
    const contact = values.get('contact') ?? '';
    const name = values.get('name') ?? hostname();
    const hub = await startHub({
      store,
      port,
      bind: values.get('bind') ?? '',
      cert: certificate.cert,
      key: certificate.key,
      settings: {
        name,
        contact,
        url,
        maxConnections: numberOf(values, 'max-connections', defaultSettings.maxConnections),
        maxConnectionsPerAddress: numberOf(
          values,
          'max-per-address',
          defaultSettings.maxConnectionsPerAddress,
        ),
        maxHistoryBytes: numberOf(values, 'max-history', defaultSettings.maxHistoryBytes / 2 ** 20) * 2 ** 20,
        signInsPerAddress: numberOf(values, 'max-sign-ins', defaultSettings.signInsPerAddress),
      },
      mail: await mailOf(values, name),
      oidc: await oidcOf(values),
    });
    ends.unshift(async () => {
      await hub.close();
      hub.context.mail?.close();
    });
    const { context } = hub;
    ends.unshift(await openConsole(folder, administer(context)));
    ends.unshift(keepSwept(context));
    await context.audit.write({ who: 'hub', from: '' }, 'hub.start', { version });
    print(`Hawser hub ${context.settings.name} on ${url}`);
    print(`Certificate, SHA-256: ${certificate.fingerprint}`);
    if (certificate.warning) process.stderr.write(`WARNING: ${certificate.warning}\n`);
    await firstStart(context, values, folder);
    print('Ctrl+C stops it.');
    await stopped();
    await context.audit.write({ who: 'hub', from: '' }, 'hub.stop');
    return 0;
  } finally {
    for (const end of ends) await end();
  }
}

async function mailOf(values: Values, hub: string): Promise<InvitationMail | null> {
  const url = values.get('smtp');
  const password = await secretOf(values.get('smtp-passwordfile'), 'HAWSER_SMTP_PASSWORD');
  if (url === undefined) return null;
  const from = values.get('from');
  if (from === undefined) throw new UsageError('-smtp needs the sender: -from ADDRESS.');
  return smtpMail({ url, password, from, hub });
}

async function oidcOf(values: Values): Promise<OidcOptions | null> {
  const issuer = values.get('oidc');
  const clientSecret = await secretOf(values.get('oidc-secretfile'), 'HAWSER_OIDC_SECRET');
  if (issuer === undefined) return null;
  const clientId = values.get('oidc-client');
  if (clientId === undefined)
    throw new UsageError('-oidc needs what the provider knows this hub as: -oidc-client ID.');
  return { issuer, clientId, clientSecret, newcomersMayJoin: values.has('oidc-join') };
}

/** Without any account nobody could sign in, nor be let in. */
async function firstStart({ accounts }: HubContext, values: Values, folder: string): Promise<void> {
  for await (const _account of accounts.records.list()) return;
  const email = values.get('administrator') ?? 'administrator@localhost';
  const rights = { mayHost: true, mayJoin: true, administrator: true };
  const made = await accounts.add({ email, name: 'Administrator', ...rights }).catch((error) => {
    // Another hub of the same store was first, and has said so.
    if (toHawserError(error).code === 'ACCOUNT_EXISTS') return null;
    throw error;
  });
  if (!made) return;
  const place = ['nats', 'data'].find((each) => values.has(each));
  const where = place === undefined ? '' : ` -${place} ${place === 'data' ? folder : values.get(place)}`;
  print(`This is its first start: the account ${made.email} was made, without a password. Give it one:`);
  print(`  hawser hub account password ${made.email}${where}`);
}

async function certificateOf(values: Values, folder: string, host: string): Promise<HubCertificate> {
  const [cert, key] = [values.get('cert'), values.get('key')];
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('-cert and -key belong together.');
  return cert !== undefined && key !== undefined ? givenCertificate(cert, key) : ownCertificate(folder, host);
}

function numberOf(values: Values, name: string, otherwise: number): number {
  const text = values.get(name);
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`-${name} takes a number, not '${text}'.`);
  return Number(text);
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw new UsageError(`-port takes a number from 1 to 65535, not '${text}'.`);
  return port;
}

function urlOf(text: string | undefined, port: number): string {
  if (text === undefined) return `https://${hostname()}${port === 443 ? '' : `:${port}`}`;
  if (!URL.canParse(text) || !/^https:\/\/[^/?#@]+\/?$/i.test(text))
    throw new UsageError(`-url takes https://HOST or https://HOST:PORT, not '${text}'.`);
  return new URL(text).origin;
}

/** The first line of a file, or a variable, which no child of ours inherits. */
async function secretOf(file: string | undefined, variable: string): Promise<string | undefined> {
  const value = process.env[variable];
  delete process.env[variable];
  if (file === undefined) return value || undefined;
  return firstLine(file, 'The file of the secret');
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
