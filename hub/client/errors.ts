import { HawserError } from '../../transports/errors/error.ts';

/** What is known of a certificate that nobody this machine trusts has signed: for a person to compare with what the hub's administrator says. */
export interface CertificateFacts {
  /** SHA-256 of the certificate in DER: 32 bytes in hexadecimal, with colons. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** The closed set of errors of a hub's callers: one factory each. The hub's own come over the wire (hub/server). */
export const hubClientErrors = {
  badAddress: (address: string, why: string) =>
    new HawserError(
      'HUB_ADDRESS',
      `'${address}' is no address of a hub: ${why}.`,
      'Give it as HOST, HOST:PORT or https://HOST:PORT.',
      { address },
    ),
  /** `data.certificate`: {@link CertificateFacts}. Its fingerprint, once confirmed, goes into the options of the next attempt. */
  certificateUntrusted: (hub: string, why: string, certificate: CertificateFacts) =>
    new HawserError(
      'HUB_CERTIFICATE_UNTRUSTED',
      `The certificate of the hub ${hub} cannot be checked: ${why}.`,
      `Ask who runs the hub whether its SHA-256 fingerprint is ${certificate.fingerprint}; if so, accept it.`,
      { hub, why, certificate },
    ),
  /** Another one than was accepted before; `data.accepted` is that one's fingerprint. */
  certificateChanged: (hub: string, accepted: string, certificate: CertificateFacts) =>
    new HawserError(
      'HUB_CERTIFICATE_CHANGED',
      `The hub ${hub} shows another certificate than the one that was accepted.`,
      `Ask who runs the hub whether its SHA-256 fingerprint is now ${certificate.fingerprint}. If nobody changed it, somebody is between you and the hub.`,
      { hub, accepted, certificate },
    ),
  notAHub: (hub: string, why: string) =>
    new HawserError(
      'NOT_A_HUB',
      `What answers at ${hub} is no Hawser hub: ${why}.`,
      'Check the address and the port.',
      { hub, why },
    ),
  versionMismatch: (ours: number, theirs: number) =>
    new HawserError(
      'HUB_VERSION_MISMATCH',
      `The hub speaks version ${theirs} of the protocol of hosted sessions, this program version ${ours}.`,
      theirs > ours ? 'Update Hawser on this computer.' : 'Ask who runs the hub to update it.',
      { ours, theirs },
    ),
  timedOut: (what: string, ms: number) =>
    new HawserError(
      'HUB_TIMED_OUT',
      `The hub did not answer '${what}' within ${Math.round(ms / 1000)} s.`,
      'Try again; if it stays so, ask who runs the hub.',
      { what, ms },
    ),
  badLink: (why: string) =>
    new HawserError(
      'BAD_INVITATION_LINK',
      `That is no invitation link: ${why}.`,
      'Copy the whole link from the message, from https:// to its last character.',
      { why },
    ),
  keyMissing: (session: string) =>
    new HawserError(
      'SESSION_KEY_MISSING',
      'This computer has no key for the session: the hub keeps the text, and only the invitation link opens it.',
      'Paste your invitation link here once more; it unlocks the text, also when it has been used.',
      { session },
    ),
  keyWrong: (session: string) =>
    new HawserError(
      'SESSION_KEY_WRONG',
      'The key of that link does not open this session.',
      'Use the link of the invitation to this session.',
      { session },
    ),
  keyStore: (path: string, why: string) =>
    new HawserError(
      'SESSION_KEY_STORE',
      `The keys of hosted sessions cannot be kept in ${path}: ${why}.`,
      'Check that the folder is yours alone and can be written.',
      { path, why },
    ),
  /** `seq`: of the entry. */
  sealBroken: (seq: number, why: string) =>
    new HawserError(
      'SEAL_BROKEN',
      `Entry ${seq} of the session cannot be trusted: ${why}.`,
      'Nothing after it is shown. Tell the host; the hub, or somebody in it, has changed what is kept there.',
      { seq, why },
    ),
  orderBroken: (why: string) => new HawserError('ORDER_BROKEN', `An order was refused: ${why}.`, '', { why }),
  historyLeftOut: (expected: number, got: number) =>
    new HawserError(
      'HISTORY_LEFT_OUT',
      `The hub left out entries of the session: number ${expected} was next, ${got} came.`,
      'Close the session and open it again; if it stays so, tell who runs the hub.',
      { expected, got },
    ),
  hostKeysNeeded: () =>
    new HawserError(
      'HOST_KEYS_NEEDED',
      'This computer holds a viewer’s key of the session; only the host runs commands and invites.',
      'If you are the host, paste the link that you got as host here once.',
    ),
  signInPageLate: () =>
    new HawserError(
      'SIGN_IN_LATE',
      'Nobody signed in at the browser in time.',
      'Try again, and finish signing in at the page that opens.',
    ),
  signInRefused: (why: string) =>
    new HawserError(
      'SIGN_IN_REFUSED',
      `The sign-in page said no: ${why}.`,
      'Try again, or with another account.',
      {
        why,
      },
    ),
} as const;
