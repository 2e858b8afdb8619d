import { setTimeout as wait } from 'node:timers/promises';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
} from '@nats-io/transport-node';
import { natsErrors } from './errors.ts';
import { type NatsSettings, placesOf } from './settings.ts';

/** A hub that starts together with the servers waits for them this long. */
const FIRST_PATIENCE_MS = 30_000;
const AGAIN_MS = 250;
const DIAL_MS = 5000;
const PING_MS = 5000;

/** Once connected it comes back for ever. @throws HawserError `STORE_UNREACHABLE`, after half a minute without an answer */
export async function connectTo(settings: NatsSettings): Promise<NatsConnection> {
  const end = performance.now() + (settings.patience ?? FIRST_PATIENCE_MS);
  const options = optionsOf(settings);
  for (;;) {
    try {
      return await connect(options);
    } catch (error) {
      const named = nameOf(error, placesOf(settings));
      if (named) throw named;
      if (performance.now() > end) throw natsErrors.unreachable(placesOf(settings), error);
      await wait(AGAIN_MS);
    }
  }
}

function optionsOf(settings: NatsSettings): ConnectionOptions {
  const { user, password, token, creds, tls } = settings;
  return {
    servers: [...settings.servers],
    name: 'hawser hub',
    timeout: DIAL_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: AGAIN_MS,
    reconnectJitter: AGAIN_MS,
    reconnectJitterTLS: AGAIN_MS,
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    maxPingOut: 2,
    noAsyncTraces: true,
    ...(user === undefined ? {} : { user, pass: password ?? '' }),
    ...(token === undefined ? {} : { token }),
    ...(creds === undefined ? {} : { authenticator: credsAuthenticator(Buffer.from(creds)) }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
  };
}

/** What no waiting will mend. */
function nameOf(error: unknown, places: readonly string[]): Error | undefined {
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return natsErrors.refused(places, error);
  return tlsCause(error) ? natsErrors.insecure(places, error) : undefined;
}

/** OpenSSL's and Node's codes, wherever the client has put them. */
function tlsCause(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException;
    if (code !== undefined && /^(ERR_(TLS|SSL)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
      return true;
  }
  return false;
}
