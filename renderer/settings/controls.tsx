import { type ReactNode, useEffect, useId, useState } from 'react';
import type { PreferenceChange } from '../../electron/ipc/contract.ts';
import { Problem } from '../dialogs/fields.tsx';
import { setPreferences } from '../state/settings.ts';

export const change = (part: PreferenceChange) => void setPreferences(part);

interface BoxProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  readonly beside?: ReactNode;
  readonly suggestions?: readonly string[];
  /** @returns why it cannot be; '' when it is set */
  onSet(value: string): Promise<string>;
}

/** A box whose text holds when one leaves it, or presses ENTER. */
export function SettingBox(props: BoxProps): ReactNode {
  const id = useId();
  const [text, setText] = useState(props.value);
  const [problem, setProblem] = useState('');
  useEffect(() => setText(props.value), [props.value]);
  const set = async () => {
    if (text === props.value) return setProblem('');
    setProblem(await props.onSet(text));
  };
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <div className="row">
        <input
          id={id}
          type="text"
          className={props.mono ? 'mono' : ''}
          value={text}
          inputMode={props.numeric ? 'numeric' : undefined}
          placeholder={props.placeholder}
          list={props.suggestions && `${id}-list`}
          spellCheck={false}
          aria-invalid={problem !== ''}
          aria-describedby={`${id}-problem ${id}-hint`}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => void set()}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void set();
          }}
        />
        {props.beside}
      </div>
      {props.suggestions && (
        <datalist id={`${id}-list`}>
          {props.suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {props.hint && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      <Problem id={`${id}-problem`} text={problem === '' ? null : problem} />
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  onSet(checked: boolean): void;
}

export function SettingCheck({ label, hint, checked, onSet }: CheckProps): ReactNode {
  return (
    <label className="choice">
      <input type="checkbox" checked={checked} onChange={(event) => onSet(event.target.checked)} />
      <span>
        {label}
        {hint && <span className="muted">{hint}</span>}
      </span>
    </label>
  );
}

/** A number as it is typed; null: it is none, or out of bounds. */
export function numberIn(text: string, least: number, most: number): number | null {
  const value = Number(text.replace(/[\s,_%]/g, ''));
  return text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most ? value : null;
}
