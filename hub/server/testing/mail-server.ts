import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { testCertificate } from './test-hub.ts';

export interface Received {
  readonly to: readonly string[];
  readonly encrypted: boolean;
  readonly mail: Email;
}

/** A real mail server, on loopback, with STARTTLS, a user and a password. `refuse`: an address it does not take. */
export async function startMailServer(refuse = ''): Promise<{
  readonly port: number;
  readonly received: Received[];
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}> {
  const received: Received[] = [];
  const { cert, key } = await testCertificate();
  const [user, password] = ['hub', 'a mail password'];
  const server = new SMTPServer({
    cert,
    key,
    authOptional: false,
    onAuth: (auth, _session, done) =>
      auth.username === user && auth.password === password
        ? done(null, { user })
        : done(new Error('Invalid user or password')),
    onRcptTo: ({ address }, _session, done) =>
      address === refuse ? done(Object.assign(new Error('No such mailbox'), { responseCode: 550 })) : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received.push({ to, encrypted: session.secure === true, mail });
          done();
        }, done);
      });
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listener.once('listening', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    received,
    ca: cert,
    user,
    password,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
