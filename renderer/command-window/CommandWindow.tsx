import type { ReactNode } from 'react';
import { FindBar } from '../find/FindBar.tsx';
import { CommandEntry } from './CommandEntry.tsx';
import { focusCommand } from './input-state.ts';
import { OutputView } from './OutputView.tsx';
import { TargetInput } from './TargetInput.tsx';
import { WaitingLines } from './WaitingLines.tsx';
import { WindowBar } from './WindowBar.tsx';

/** @param live whether there is a session to type into; without one the text can be read */
export function CommandWindow({ live }: { live: boolean }): ReactNode {
  return (
    <section className="command-window" aria-label="Command">
      <WindowBar live={live} />
      <FindBar onClosed={focusCommand} />
      <OutputView />
      {live && (
        <>
          <TargetInput />
          <WaitingLines />
          <CommandEntry />
        </>
      )}
    </section>
  );
}
