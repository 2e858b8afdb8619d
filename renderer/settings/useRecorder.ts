import { useEffect, useRef, useState } from 'react';
import type { ListedAction } from '../../electron/ipc/contract.ts';
import { onPush, tell } from '../lib/hawser.ts';

export interface Recorder {
  readonly recording: ListedAction | null;
  /** Why what was pressed cannot be taken; '' or with a blank before it. */
  readonly problem: string;
  start(action: ListedAction): void;
}

/** The next keys that are pressed, whatever they would mean. */
export function useRecorder(take: (action: ListedAction, keys: string) => void): Recorder {
  const [recording, setRecording] = useState<ListedAction | null>(null);
  const [problem, setProblem] = useState('');
  const latest = useRef(take);
  latest.current = take;

  useEffect(() => {
    if (!recording) return;
    tell('actions/record', { on: true });
    const stop = onPush('recorded', ({ keys, why }) => {
      if (keys === 'Esc') setRecording(null);
      else if (why !== '') setProblem(` ${keys} ${why}`);
      else {
        setRecording(null);
        latest.current(recording, keys);
      }
    });
    return () => {
      stop();
      tell('actions/record', { on: false });
    };
  }, [recording]);

  return {
    recording,
    problem,
    start(action) {
      setProblem('');
      setRecording(action);
    },
  };
}
