import type { ReactNode } from 'react';
import type { InvitationsSent } from '../../electron/ipc/hosted.ts';
import { CopyLine } from '../dialogs/CopyLine.tsx';
import { CloseButton, Dialog } from '../dialogs/Dialog.tsx';
import { Note } from '../lib/Note.tsx';
import { closeDialog } from './state.ts';

const OWN = 'Link for you, to host it from another computer';
const ONCE = 'A link works once, for the person it is for. It holds the key to the text.';

/** A host may be among those invited; their link is the host's. */
const othersOf = ({ invited, host }: InvitationsSent) => invited.filter(({ email }) => email !== host.email);

/** What became of the invitations, and the links that are for the host to hand over. */
export function SentDialog({ sent, name }: { sent: InvitationsSent; name: string }): ReactNode {
  return (
    <Dialog
      title="Invite Client"
      onSubmit={closeDialog}
      onCancel={closeDialog}
      buttons={<CloseButton onClose={closeDialog} />}
    >
      {sent.mailed ? <Mailed sent={sent} name={name} /> : <ByHand sent={sent} />}
    </Dialog>
  );
}

function Mailed({ sent, name }: { sent: InvitationsSent; name: string }): ReactNode {
  const { host, unmailed } = sent;
  const failed = new Map(unmailed.map(({ email, reason }) => [email, reason]));
  const others = othersOf(sent);
  const reached = others.filter(({ email }) => !failed.has(email));
  const missed = [
    ...others
      .filter(({ email }) => failed.has(email))
      .map((each) => ({ ...each, label: `Link for ${each.email}` })),
    ...(failed.has(host.email) ? [{ ...host, label: OWN }] : []),
  ];
  const own = failed.has(host.email) ? [] : [host];
  return (
    <>
      {missed.length > 0 && (
        <Note tone="warning">
          <p>
            {missed.length === 1 ? 'One message was' : `${missed.length} messages were`} not taken by the mail
            server. Who should have got it is invited all the same: send them their own link, in a way that
            nobody else reads.
          </p>
          <p className="muted">{ONCE}</p>
        </Note>
      )}
      {missed.map(({ email, link, label }) => (
        <div className="missed" key={email}>
          <CopyLine text={link} label={label} />
          <p className="hint muted">{failed.get(email)}</p>
        </div>
      ))}
      {reached.length + own.length > 0 && (
        <>
          <Note tone="info">
            <p>Messages with a link to {name} went out to:</p>
          </Note>
          <ul className="sent" aria-label="Reached by e-mail">
            {reached.map(({ email }) => (
              <li key={email}>{email}</li>
            ))}
            {own.map(({ email }) => (
              <li key={email}>
                {email} <span className="muted">you, to host it from another computer</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function ByHand({ sent }: { sent: InvitationsSent }): ReactNode {
  return (
    <>
      <Note tone="warning">
        <p>This hub sends no mail. Send each of them their own link, in a way that nobody else reads.</p>
        <p className="muted">{ONCE}</p>
      </Note>
      {othersOf(sent).map(({ email, link }) => (
        <CopyLine key={email} text={link} label={`Link for ${email}`} />
      ))}
      <CopyLine text={sent.host.link} label={OWN} />
    </>
  );
}
