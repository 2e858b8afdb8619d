import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from '../lib/store.ts';
import { clampLines, MAX_LINES, MIN_LINES } from '../output/scrollback.ts';
import { scrollbackLines, setPreferences, wrapLines } from '../state/settings.ts';

const count = (n: number) => n.toLocaleString('en-US');

export function Options({ onClose }: { onClose(): void }): ReactNode {
  const wrap = useStore(wrapLines);
  const lines = useStore(scrollbackLines);
  const [text, setText] = useState(String(lines));
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    panel.current?.querySelector<HTMLElement>('input')?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Element && !event.target.closest('.popover, [data-options]')) onClose();
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [onClose]);

  const keep = () => {
    const wanted = Number(text.replace(/[\s,_.]/g, ''));
    const usable = Number.isFinite(wanted) && wanted > 0 ? clampLines(wanted) : scrollbackLines.get();
    setText(String(usable));
    void setPreferences({ scrollbackLines: usable });
  };
  return (
    <div
      className="popover"
      ref={panel}
      role="dialog"
      aria-label="Command window options"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <label className="choice">
        <input
          type="checkbox"
          checked={wrap}
          onChange={(event) => void setPreferences({ wrapLines: event.target.checked })}
        />
        Wrap long lines
      </label>
      <label className="field">
        <span>Lines kept</span>
        <input
          type="text"
          inputMode="numeric"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => event.key === 'Enter' && keep()}
        />
        <span className="hint">
          {count(MIN_LINES)} to {count(MAX_LINES)}. When there are more, the oldest go and a line says how
          many.
        </span>
      </label>
    </div>
  );
}
