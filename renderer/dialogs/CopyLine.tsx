import { type ReactNode, useEffect, useState } from 'react';
import { invoke } from '../lib/hawser.ts';

const SAID_MS = 2500;

/** A text to be taken along, with a button that does it and says so. */
export function CopyLine({ label, text }: { label: string; text: string }): ReactNode {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const outcome = await invoke('clipboard/write', { text });
    setSaid(outcome.ok ? 'Copied' : outcome.error.message);
  };
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="copy-line">
        <output aria-label={label}>{text}</output>
        <button type="button" onClick={() => void copy()} aria-label={`Copy ${label.toLowerCase()}`}>
          {said === '' ? 'Copy' : said}
        </button>
      </div>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </div>
  );
}
