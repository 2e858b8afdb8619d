import type { Person } from '../../protocol/hub.ts';

export interface InvitationLetter {
  readonly to: Person;
  readonly host: Person;
  readonly session: { readonly name: string; readonly description: string; readonly computer: string };
  /** Whole, with its fragment: the secret of the session. Never kept, never logged. */
  readonly link: string;
  readonly expires: number;
  /** The host's own copy: who was invited. */
  readonly invited: readonly Person[] | null;
}

/** Sends invitations. */
export interface InvitationMail {
  /** Resolves when the mail server has taken it. @throws HawserError `MAIL_FAILED` */
  send(letter: InvitationLetter): Promise<void>;
  close(): void;
}
