import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { HostedAction } from '../../electron/ipc/hosted.ts';
import { Icon } from '../lib/icons.tsx';
import { useStore } from '../lib/store.ts';
import { act, entries, possible } from './actions.ts';
import { hosted, selected } from './state.ts';

/** The Actions menu; what cannot be done now says why. */
export function ActionsMenu(): ReactNode {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  // What can be done changes with both.
  useStore(hosted);
  useStore(selected);

  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Element && !event.target.closest('.actions-menu')) setOpen(false);
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (action: HostedAction) => {
    if (possible(action) !== true) return;
    close();
    act(action);
  };
  const move = (by: number | 'first' | 'last') => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const last = items.length - 1;
    const next = by === 'first' ? 0 : by === 'last' ? last : (at + by + items.length) % items.length;
    items[next]?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Home') move('first');
    else if (event.key === 'End') move('last');
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="actions-menu">
      <button
        type="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={`${id}-menu`}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        Actions
        <Icon name="sortDown" />
      </button>
      {open && (
        <div
          id={`${id}-menu`}
          ref={menu}
          role="menu"
          tabIndex={-1}
          aria-label="Actions"
          className="menu"
          onKeyDown={keys}
        >
          {entries.map(({ action, text, keys: shortcut, first }) => {
            const can = possible(action);
            return (
              <Fragment key={action}>
                {first && <hr />}
                <button
                  type="button"
                  role="menuitem"
                  tabIndex={-1}
                  aria-disabled={can !== true}
                  aria-description={can === true ? undefined : can}
                  onClick={() => choose(action)}
                >
                  <span>{text}</span>
                  <span className="keys" aria-hidden="true">
                    {shortcut}
                  </span>
                  {can !== true && (
                    <span className="why" aria-hidden="true">
                      {can}
                    </span>
                  )}
                </button>
              </Fragment>
            );
          })}
        </div>
      )}
    </div>
  );
}
