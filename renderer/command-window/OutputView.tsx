import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../lib/icons.tsx';
import { restyle } from '../lib/shadow-styles.ts';
import { useStore } from '../lib/store.ts';
import { announcer, output } from '../output/output.ts';
import { focusCommand, followLink } from './input-state.ts';

/** Typing where only reading is possible means the command line. */
function typeInCommand(event: KeyboardEvent): void {
  if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) focusCommand();
}

/** The Command window's text. The editor is moved in and out; it is made only once. */
export function OutputView(): ReactNode {
  const slot = useRef<HTMLDivElement>(null);
  const following = useStore(output.follow.following);
  const more = useStore(output.follow.more);
  const spoken = useStore(announcer.spoken);

  useEffect(() => {
    const { host, view, follow } = output;
    slot.current?.append(host);
    restyle(host);
    host.addEventListener('keydown', typeInCommand);
    output.onLink = (link) => {
      followLink(link);
      follow.toEnd();
    };
    view.requestMeasure();
    const settled = requestAnimationFrame(() => follow.settle(false));
    const resized = new ResizeObserver(() => follow.settle(false));
    resized.observe(host);
    return () => {
      cancelAnimationFrame(settled);
      resized.disconnect();
      host.removeEventListener('keydown', typeInCommand);
      host.remove();
    };
  }, []);

  return (
    <>
      {/* The lines on screen change as one scrolls: what is new is spoken by the live region instead. */}
      <div className="log" role="log" aria-label="Command window" aria-live="off">
        <div className="output-slot" ref={slot} />
        {!following && (
          <button type="button" className="to-end" onClick={() => output.follow.toEnd()}>
            <Icon name="down" />
            {more ? 'New output below' : 'To the end'}
          </button>
        )}
      </div>
      <div className="visually-hidden" role="status" aria-live="polite">
        {spoken}
      </div>
    </>
  );
}
