import { createTransport } from 'nodemailer';
import { hubError } from '../../errors.ts';
import { administrationErrors } from '../errors.ts';
import { letterFor } from './letter.ts';
import type { InvitationMail } from './mail.ts';

export interface SmtpOptions {
  /** `smtp://[USER@]HOST[:PORT]`, which must offer STARTTLS unless it is this machine, or `smtps://…`. Without a password. */
  readonly url: string;
  readonly password: string | undefined;
  /** ADDRESS or NAME <ADDRESS>. */
  readonly from: string;
  /** PEM, for a server whose certificate no public authority has signed. */
  readonly ca?: string | undefined;
  /** The hub's name, for the text. */
  readonly hub: string;
}

const TIMEOUT_MS = 20_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/** Sends invitations by a mail server. @throws HawserError `HUB_SETTINGS` */
export function smtpMail(options: SmtpOptions): InvitationMail {
  const url = urlOf(options.url);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  if (user !== '' && options.password === undefined)
    throw administrationErrors.settings(
      `the mail server’s password for ${user} is missing`,
      'Put it into HAWSER_SMTP_PASSWORD or a file for -smtp-passwordfile.',
    );
  const transport = createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A letter holds the key of a session: across a network it goes encrypted or not at all.
    requireTLS: !secure && !LOOPBACK.test(url.hostname),
    ...(user !== '' && { auth: { user, pass: options.password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ...(options.ca !== undefined && { ca: options.ca }) },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Nothing of a letter is taken from files or addresses, and nothing goes to a log.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  return {
    async send(letter) {
      try {
        await transport.sendMail({ from: options.from, ...letterFor(letter, options.hub) });
      } catch (error) {
        throw failure(url.host, error);
      }
    },
    close: () => transport.close(),
  };
}

function urlOf(text: string): URL {
  const wrong = (why: string) =>
    administrationErrors.settings(
      `-smtp ${why}`,
      'Give smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT].',
    );
  if (!URL.canParse(text)) throw wrong('cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    throw wrong(`is ${url.protocol}, no mail server`);
  if (url.password !== '') throw wrong('has a password in it, which other users of this machine can see');
  if (url.hostname === '') throw wrong('has no host');
  return url;
}

/** The server's own words, which do not repeat the letter. */
function failure(host: string, error: unknown) {
  const {
    code = '',
    response = '',
    message = '',
  } = error as { code?: string; response?: string; message?: string };
  const why = (response || [code, message].filter(Boolean).join(': ')).slice(0, 200);
  return hubError(
    'MAIL_FAILED',
    `The mail server ${host} did not take the message: ${why}.`,
    'Send the link by other means, or ask who runs the hub.',
    { host, why },
    error,
  );
}
