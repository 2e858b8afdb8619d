import { useEffect, useState } from 'react';
import type { ConnectionCheck, ConnectTo } from '../../electron/ipc/contract.ts';
import { invoke } from '../lib/hawser.ts';
import { backslashProblem } from './connection-text.ts';

const CHECK_AFTER_MS = 200;

/** What is wrong with a connection string; null when it is empty, or cannot be said. */
export async function check(text: string, to: ConnectTo): Promise<ConnectionCheck | null> {
  if (text.trim() === '') return null;
  const outcome = backslashProblem(text);
  if (outcome) return outcome;
  const checked = await invoke('connection/check', { text, to });
  return checked.ok ? checked.value : null;
}

/** What is wrong with the text, a moment after the typing has paused. */
export function useCheck(text: string, to: ConnectTo): ConnectionCheck | null {
  const [checked, setChecked] = useState<{ text: string; result: ConnectionCheck | null } | null>(null);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const result = await check(text, to);
      if (!stale) setChecked({ text, result });
    }, CHECK_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text, to]);
  return checked?.text === text ? checked.result : null;
}

export function describe(text: string, { error, offset, length }: ConnectionCheck): string | null {
  if (!error) return null;
  const word = text.slice(offset, offset + length);
  const named = word !== '' && !error.message.includes(word) ? `“${word}”: ${error.message}` : error.message;
  return error.action === '' ? named : `${named} ${error.action}`;
}
