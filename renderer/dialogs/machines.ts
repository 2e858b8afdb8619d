import { useEffect, useRef, useState } from 'react';
import type { FoundMachine, KnownMachines } from '../../electron/ipc/contract.ts';
import { invoke, tell } from '../lib/hawser.ts';

export interface Machines extends KnownMachines {
  /** Those that announce themselves. */
  readonly found: readonly FoundMachine[];
  /** Whether they do, and are looked for. */
  setAnnounced(on: boolean): void;
}

async function find(): Promise<readonly FoundMachine[]> {
  const outcome = await invoke('directory/found', undefined);
  return outcome.ok ? outcome.value : [];
}

/** What the box for a machine offers. @param remembered is told the one that was asked last */
export function useMachines(remembered: (machine: string) => void): Machines {
  const [known, setKnown] = useState<KnownMachines>({ asked: [], announced: false });
  const [found, setFound] = useState<readonly FoundMachine[]>([]);
  const tellLast = useRef(remembered);
  const { announced } = known;

  useEffect(() => {
    let gone = false;
    void invoke('directory/machines', undefined).then((outcome) => {
      if (gone || !outcome.ok) return;
      setKnown(outcome.value);
      const [last] = outcome.value.asked;
      if (last !== undefined) tellLast.current(last);
    });
    return () => {
      gone = true;
    };
  }, []);

  useEffect(() => {
    if (!announced) return setFound([]);
    let gone = false;
    void find().then((machines) => {
      if (!gone) setFound(machines);
    });
    return () => {
      gone = true;
    };
  }, [announced]);

  const setAnnounced = (on: boolean) => {
    tell('directory/announce', { on });
    setKnown({ ...known, announced: on });
  };
  return { ...known, found, setAnnounced };
}
