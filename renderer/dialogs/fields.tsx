import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { Icon } from '../lib/icons.tsx';
import { type Marked, markWord } from './connection-text.ts';

export function Problem({ id, text }: { id: string; text: string | null }): ReactNode {
  return (
    <div id={id} aria-live="polite">
      {text !== null && (
        <p className="problem">
          <Icon name="error" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  readonly problem?: string | null;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly autoFocus?: boolean;
  readonly disabled?: boolean;
  readonly inputMode?: 'numeric';
  /** Beside the box: a Browse button, say. */
  readonly beside?: ReactNode;
}

export function TextField(props: TextFieldProps): ReactNode {
  const id = useId();
  const { problem = null, hint } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <div className="row">
        <input
          id={id}
          type="text"
          className={props.mono ? 'mono' : ''}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          placeholder={props.placeholder}
          readOnly={props.disabled}
          inputMode={props.inputMode}
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem ${id}-hint`}
          data-autofocus={props.autoFocus ? true : undefined}
        />
        {props.beside}
      </div>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  );
}

type LinesFieldProps = Pick<
  TextFieldProps,
  'label' | 'value' | 'onChange' | 'problem' | 'hint' | 'placeholder' | 'mono' | 'disabled' | 'autoFocus'
> & { readonly rows?: number };

/** Several lines; ENTER makes a new one. */
export function LinesField(props: LinesFieldProps): ReactNode {
  const id = useId();
  const { problem = null, hint } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <textarea
        id={id}
        className={props.mono ? 'mono lines' : 'lines'}
        rows={props.rows ?? 2}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        placeholder={props.placeholder}
        readOnly={props.disabled}
        spellCheck={false}
        maxLength={65536}
        data-autofocus={props.autoFocus ? true : undefined}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem ${id}-hint`}
      />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  );
}

interface PasswordFieldProps {
  readonly value: string;
  onChange(value: string): void;
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly autoFocus?: boolean;
}

/** Hidden unless asked to be shown. */
export function PasswordField({
  value,
  onChange,
  hint,
  disabled,
  inputRef,
  autoFocus,
}: PasswordFieldProps): ReactNode {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>Password</label>
      <div className="row">
        <input
          id={id}
          ref={inputRef}
          type={shown ? 'text' : 'password'}
          className={shown ? 'mono' : ''}
          value={value}
          maxLength={128}
          onChange={(event) => onChange(event.target.value)}
          readOnly={disabled}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          data-autofocus={autoFocus ? true : undefined}
        />
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          title="Show what is typed"
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      </div>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface MarkedFieldProps {
  readonly id: string;
  readonly value: string;
  onChange(value: string): void;
  readonly mark: { readonly offset: number; readonly length: number } | null;
  readonly disabled: boolean;
  readonly describedBy: string;
  readonly placeholder: string;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** A text box that underlines one word of what is typed. */
export function MarkedField(props: MarkedFieldProps): ReactNode {
  const marks = useRef<HTMLDivElement>(null);
  const parts: Marked | null = props.mark && markWord(props.value, props.mark.offset, props.mark.length);
  const align = () => {
    if (marks.current && props.inputRef.current) marks.current.scrollLeft = props.inputRef.current.scrollLeft;
  };
  return (
    <div className="marked">
      <div className="marks" ref={marks} aria-hidden="true">
        {parts && (
          <>
            {parts.before}
            <mark>{parts.word}</mark>
            {parts.after}
          </>
        )}
      </div>
      <input
        id={props.id}
        ref={props.inputRef}
        type="text"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        onScroll={align}
        onKeyUp={align}
        placeholder={props.placeholder}
        readOnly={props.disabled}
        spellCheck={false}
        aria-invalid={props.mark !== null}
        aria-describedby={props.describedBy}
        data-autofocus
      />
    </div>
  );
}
