import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import { tell } from '../lib/hawser.ts';

export interface DialogProps {
  readonly title: string;
  readonly size?: 'narrow' | 'wide' | 'xwide';
  readonly children: ReactNode;
  readonly buttons: ReactNode;
  /** ENTER and the submit button. */
  onSubmit(): void;
  /** ESC and Cancel. */
  onCancel(): void;
}

/** How many are shown, one above the other. */
let shown = 0;

/** Where the keyboard goes when what opened the dialog is not there any more, or was a menu. */
function fallbackFocus(): void {
  const place = document.querySelector<HTMLElement>('[data-main-focus]');
  place?.focus();
}

/** Modal: the browser keeps the focus inside and everything else inert; closing gives the focus back. */
export function Dialog({ title, size, children, buttons, onSubmit, onCancel }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
      else fallbackFocus();
    };
  }, []);

  useEffect(() => {
    tell('ui/modal', { open: true });
    shown++;
    return () => {
      shown--;
      // Of two, one above the other, the lower one is still there.
      if (shown === 0) tell('ui/modal', { open: false });
    };
  }, []);

  // What had the keyboard may have gone: a list's button with its row, say.
  useEffect(() => {
    if (document.activeElement === document.body)
      ref.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Of two dialogs, one above the other, the lower one is not meant.
    event.stopPropagation();
    onSubmit();
  };
  const cancelOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Before the browser closes the dialog by itself.
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };

  return (
    <dialog
      ref={ref}
      className={size ?? ''}
      aria-labelledby={titleId}
      onKeyDown={cancelOnEscape}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <form onSubmit={submit} noValidate autoComplete="off">
        <h2 className="dialog-title" id={titleId}>
          {title}
        </h2>
        <div className="dialog-body">{children}</div>
        <div className="dialog-buttons">{buttons}</div>
      </form>
    </dialog>
  );
}

/** For dialogs that only show something. */
export function CloseButton({ onClose }: { onClose(): void }): ReactNode {
  return (
    <button type="button" className="primary" onClick={onClose} data-autofocus>
      Close
    </button>
  );
}
