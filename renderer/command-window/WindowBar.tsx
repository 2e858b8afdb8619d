import { type ReactNode, useCallback, useState } from 'react';
import { openFind } from '../find/find.ts';
import { Icon, type IconName } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { focusCommand, targetInputShown } from './input-state.ts';
import { Options } from './Options.tsx';
import { clearWindow, copyAll } from './window-actions.ts';

interface BarButtonProps {
  readonly icon: IconName;
  readonly text: string;
  readonly title: string;
  readonly pressed?: boolean;
  onClick(): void;
}

function BarButton({ icon, text, title, pressed, onClick }: BarButtonProps): ReactNode {
  return (
    <button type="button" className="quiet" title={title} aria-pressed={pressed} onClick={onClick}>
      <Icon name={icon} />
      <span>{text}</span>
    </button>
  );
}

export function WindowBar({ live }: { live: boolean }): ReactNode {
  const inputShown = useStore(targetInputShown);
  const [options, setOptions] = useState(false);
  const closeOptions = useCallback(() => setOptions(false), []);
  const toggleInput = () => {
    targetInputShown.set(!inputShown);
    if (inputShown) focusCommand();
  };
  return (
    <div className="window-bar">
      <BarButton icon="find" text="Find" title="Find in the output (Ctrl+F)" onClick={openFind} />
      <BarButton icon="copy" text="Copy all" title="Copy all output" onClick={() => void copyAll()} />
      <BarButton
        icon="clear"
        text="Clear"
        title="Clear this window; the session keeps its log"
        onClick={clearWindow}
      />
      {live && (
        <BarButton
          icon="keyboard"
          text="Program input"
          title="Show a box for the input of the program being debugged"
          pressed={inputShown}
          onClick={toggleInput}
        />
      )}
      <button
        type="button"
        className="quiet"
        data-options
        aria-expanded={options}
        title="Wrap lines, lines kept"
        onClick={() => setOptions(!options)}
      >
        <Icon name="options" />
        <span>Options</span>
      </button>
      {options && <Options onClose={closeOptions} />}
    </div>
  );
}
