import { type FormEvent, Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import type { IpcError } from '../../electron/ipc/contract.ts';
import type { HostedState } from '../../electron/ipc/hosted.ts';
import { PasswordField, TextField } from '../dialogs/fields.tsx';
import { tell } from '../lib/hawser.ts';
import { ErrorNote, Note } from '../lib/Note.tsx';
import { useAsking } from './useAsking.ts';

type Reached = Extract<HostedState, { mode: 'reached' }>;
type Reaching = Extract<HostedState, { mode: 'signedOut' | 'reaching' }>;

interface FormProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly buttons: ReactNode;
  onSubmit(): void;
}

function Form({ title, children, buttons, onSubmit }: FormProps): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className="sign-in">
      <form className="panel" ref={form} onSubmit={submit} noValidate autoComplete="off" aria-label={title}>
        <header>
          <h1>{title}</h1>
        </header>
        <div className="dialog-body">{children}</div>
        <div className="dialog-buttons">{buttons}</div>
      </form>
    </main>
  );
}

function Working({ text }: { text: string }): ReactNode {
  return (
    <div className="progress" role="status">
      {text !== '' && (
        <>
          <span className="spinner" />
          <span>{text}</span>
        </>
      )}
    </div>
  );
}

const certificateOf = ({ code, data }: IpcError): Readonly<Record<string, string>> | null =>
  code === 'HUB_CERTIFICATE_UNTRUSTED' || code === 'HUB_CERTIFICATE_CHANGED'
    ? (data.certificate as Readonly<Record<string, string>>)
    : null;

/** Broken between bytes, not within one. */
const bytesOf = (fingerprint = '') =>
  fingerprint.split(/(?<=:)/).map((byte, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: bytes have no names but their places
    <Fragment key={index}>
      {byte}
      <wbr />
    </Fragment>
  ));

/** What a person compares before they trust a certificate that nobody vouches for. */
function Certificate({ error }: { error: IpcError }): ReactNode {
  const facts = certificateOf(error);
  if (!facts) return null;
  return (
    <Note tone="warning">
      <p>{error.message}</p>
      <p className="muted">
        {error.code === 'HUB_CERTIFICATE_CHANGED'
          ? 'Ask who runs the hub whether it has this fingerprint now. If nobody changed it, somebody is between you and the hub.'
          : 'Ask who runs the hub whether its fingerprint is this one; if so, accept it.'}
      </p>
      <dl className="facts">
        <dt>SHA-256</dt>
        <dd className="mono fingerprint">{bytesOf(facts.fingerprint)}</dd>
        <dt>Issued to</dt>
        <dd>{facts.subject}</dd>
        <dt>Valid</dt>
        <dd>
          {facts.validFrom} to {facts.validTo}
        </dd>
      </dl>
    </Note>
  );
}

/** Which hub. */
export function HubForm({ state }: { state: Reaching }): ReactNode {
  const { working, error, ask, cancel, clear } = useAsking();
  const [address, setAddress] = useState(state.hub);
  const [missing, setMissing] = useState<string | null>(null);
  const certificate = error && certificateOf(error);
  /** Who stays signed in comes back by itself. */
  const waiting = state.mode === 'reaching' && !working;

  const reach = (fingerprint?: string) => {
    if (address.trim() === '') setMissing('Type the address of a hub first.');
    else void ask('hosted/reach', { hub: address, ...(fingerprint !== undefined && { fingerprint }) });
  };
  if (waiting)
    return (
      <Form
        title="Hosted Sessions"
        onSubmit={() => {}}
        buttons={
          <>
            <Working text="Connecting to the hub…" />
            <button type="button" onClick={() => tell('hosted/signOut', undefined)} data-autofocus>
              Sign Out
            </button>
          </>
        }
      >
        <p>
          You are signed in at <strong>{state.hub}</strong>. As soon as it can be reached, your sessions are
          shown here.
        </p>
        {state.error && <ErrorNote error={state.error} />}
      </Form>
    );
  return (
    <Form
      title="Sign in to a hub"
      onSubmit={() => reach()}
      buttons={
        <>
          <Working text={working ? 'Connecting…' : ''} />
          {certificate && (
            <button type="button" onClick={() => reach(certificate.fingerprint)}>
              Accept This Certificate
            </button>
          )}
          <button type="submit" className="primary" disabled={working}>
            Next
          </button>
          {working && (
            <button type="button" onClick={cancel}>
              Cancel
            </button>
          )}
        </>
      }
    >
      <p className="muted">
        A hosted session is opened by its host to at most ten invited people, who see everything and run
        nothing. Host and clients meet at a hub; who runs yours tells you its address.
      </p>
      {state.mode === 'signedOut' && state.error && !error && <ErrorNote error={state.error} />}
      <TextField
        label="Hub"
        value={address}
        onChange={(value) => {
          setAddress(value);
          setMissing(null);
          clear();
        }}
        placeholder="hub.example or hub.example:8443"
        problem={missing}
        disabled={working}
        autoFocus
      />
      {error && (certificate ? <Certificate error={error} /> : <ErrorNote error={error} />)}
    </Form>
  );
}

/** Who, at a hub that was reached. */
export function SignInForm({ state }: { state: Reached }): ReactNode {
  const { hub } = state;
  const { working, error, ask, cancel, clear } = useAsking();
  const [email, setEmail] = useState(state.email);
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const [browser, setBrowser] = useState(false);
  const byPassword = hub.signIn.includes('password');
  const byBrowser = hub.signIn.includes('oidc');
  const shown = error ?? state.error;

  const signIn = async () => {
    if (!byPassword) return signInByBrowser();
    if (working) return;
    if (email.trim() === '') return setMissing('Type your e-mail address.');
    setBrowser(false);
    const done = await ask('hosted/signIn', { email, password });
    if (!done) setPassword('');
  };
  const signInByBrowser = () => {
    setBrowser(true);
    void ask('hosted/signInByBrowser', undefined);
  };
  return (
    <Form
      title={hub.name === '' ? 'Sign in' : `Sign in to ${hub.name}`}
      onSubmit={() => void signIn()}
      buttons={
        <>
          <Working text={working ? (browser ? 'Go on in your browser…' : 'Signing in…') : ''} />
          {byPassword && (
            <button type="submit" className="primary" disabled={working}>
              Sign In
            </button>
          )}
          <button
            type="button"
            onClick={() => cancel() || tell('hosted/leave', undefined)}
            title={working ? undefined : 'Choose another hub'}
          >
            {working ? 'Cancel' : 'Back'}
          </button>
        </>
      }
    >
      <p className="muted">
        {hub.origin}
        {hub.contact !== '' && <>. No account? Ask for one at {hub.contact}.</>}
      </p>
      {state.link.state === 'lost' && <ErrorNote error={state.link.error} />}
      {byBrowser && (
        <div className="choices">
          <button
            type="button"
            onClick={signInByBrowser}
            disabled={working}
            data-autofocus={byPassword ? undefined : true}
          >
            <strong>Sign in with your organisation’s account…</strong>
            <span>Opens your browser; come back here when it says so.</span>
          </button>
        </div>
      )}
      {byPassword && byBrowser && <p className="or muted">or with a password of this hub</p>}
      {byPassword && (
        <>
          <TextField
            label="E-mail address"
            value={email}
            onChange={(value) => {
              setEmail(value);
              setMissing(null);
              clear();
            }}
            problem={missing}
            disabled={working}
            autoFocus={state.email === ''}
          />
          <PasswordField
            value={password}
            onChange={setPassword}
            disabled={working}
            autoFocus={state.email !== ''}
            hint="It is never stored. You stay signed in until you sign out."
          />
        </>
      )}
      {shown && <ErrorNote error={shown} />}
    </Form>
  );
}
