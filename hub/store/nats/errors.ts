import { hubError } from '../../errors.ts';

/** What goes wrong between a hub and NATS. `servers`: without credentials. */
export const natsErrors = {
  unreachable: (servers: readonly string[], cause?: unknown) =>
    hubError(
      'STORE_UNREACHABLE',
      `No NATS server answers at ${servers.join(', ')}: ${reason(cause)}.`,
      'Start the servers, or correct their addresses in the settings.',
      { servers },
      cause,
    ),
  refused: (servers: readonly string[], cause?: unknown) =>
    hubError(
      'STORE_UNREACHABLE',
      `NATS at ${servers.join(', ')} refused this hub: ${reason(cause)}.`,
      'Check the user and password, or the credentials file, in the settings.',
      { servers },
      cause,
    ),
  insecure: (servers: readonly string[], cause?: unknown) =>
    hubError(
      'STORE_UNREACHABLE',
      `No TLS connection to NATS at ${servers.join(', ')}: ${reason(cause)}.`,
      "Check the certificates: 'ca' in the settings names who signed the servers', 'cert' and 'key' are the hub's own.",
      { servers },
      cause,
    ),
  noJetStream: (servers: readonly string[], cause?: unknown) =>
    hubError(
      'STORE_UNREACHABLE',
      `NATS at ${servers.join(', ')} answers, but JetStream does not: ${reason(cause)}.`,
      'Turn JetStream on in the servers (jetstream { store_dir: … }), and see that more than half of them are up.',
      { servers },
      cause,
    ),
  settings: (where: string, why: string) =>
    hubError('HUB_SETTINGS', `${where}: ${why}.`, 'docs/hub.md shows the settings for NATS.', { where }),
} as const;

function reason(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : 'no reason given';
}
