import { type ReactNode, useState } from 'react';
import type { IpcError, StubFacts, StubLink } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { Icon } from '../lib/icons.tsx';

interface Props {
  readonly stub: Pick<StubFacts, 'machine' | 'kernel'>;
  readonly link: Extract<StubLink, { state: 'lost' }>;
  /** There is a target behind the link. */
  readonly attached: boolean;
}

const clock = (at: number) =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Words, not colour: what happened, what becomes of the target, what can be done. It comes back by itself. */
/** Of a kernel it is the wire that ended, and what was behind may be gone; a KD connection server's link is as any other. */
const isWire = ({ kernel }: Props['stub'], { error }: Props['link']) =>
  kernel !== undefined && !(kernel.server !== null && error.code === 'LINK_LOST');

export function StubLinkLost({ stub, link, attached }: Props): ReactNode {
  const wire = isWire(stub, link);
  const [failed, setFailed] = useState<IpcError | null>(null);
  const giveUp = async () => {
    const outcome = await invoke('stub/disconnect', undefined);
    if (!outcome.ok) setFailed(outcome.error);
  };
  return (
    <section className="link-lost" role="alert" aria-label="Link lost">
      <Icon name="warning" />
      <div className="grow">
        <strong>{wire ? 'The wire to the kernel was lost' : `The link to ${stub.machine} was lost`}</strong>
        <p>{(failed ?? link.error).message}</p>
        <p className="muted">
          Lost at {clock(link.since)}; it is tried again by itself until {clock(link.until)}.
          {wire && ' When the kernel answers again it is met again, and halted.'}
          {attached &&
            !wire &&
            ` Until then the target stays as it is, stopped or running; after that it is let go.`}
        </p>
      </div>
      <span className="spinner" />
      <button type="button" data-main-focus onClick={() => void giveUp()}>
        Give up
      </button>
    </section>
  );
}
