import { type FormEvent, type KeyboardEvent, type ReactNode, useId } from 'react';
import { useModal } from './useModal.ts';

export interface DialogProps {
  readonly title: string;
  /** It has nothing in it that takes the keyboard. */
  readonly reading?: boolean;
  readonly size?: 'narrow' | 'wide' | 'xwide';
  readonly children: ReactNode;
  readonly buttons: ReactNode;
  /** ENTER and the submit button. */
  onSubmit(): void;
  /** ESC and Cancel. */
  onCancel(): void;
}

/** Modal: the browser keeps the focus inside and everything else inert; closing gives the focus back. */
export function Dialog({
  title,
  size,
  reading,
  children,
  buttons,
  onSubmit,
  onCancel,
}: DialogProps): ReactNode {
  const ref = useModal();
  const titleId = useId();

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
        <div className="dialog-body" tabIndex={reading ? 0 : undefined}>
          {children}
        </div>
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
