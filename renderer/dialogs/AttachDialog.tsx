import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { ErrorNote } from '../lib/Note.tsx';
import { useStore } from '../lib/store.ts';
import { ProcessTable } from '../processes/ProcessTable.tsx';
import { chosenAfterFilter, filtered, readPid, type Sorting, sorted } from '../processes/process-rows.ts';
import { type Processes, useProcesses } from '../processes/useProcesses.ts';
import { machineName } from '../state/gui.ts';
import { Dialog } from './Dialog.tsx';
import { Problem, TextField } from './fields.tsx';
import type { Where } from './queue.ts';
import { OkCancel, useStarting } from './starting.tsx';

interface Props {
  readonly machine: Where;
  onClose(): void;
}

/** Of this machine, or of the stub's: a process from the list, or by its number. */
export function AttachDialog({ machine, onClose }: Props): ReactNode {
  const id = useId();
  const name = useStore(machineName)[machine];
  const processes = useProcesses(machine);
  const [filter, setFilter] = useState('');
  const [sorting, setSorting] = useState<Sorting>({ by: 'started', down: true });
  const [pidText, setPidText] = useState('');
  const [noninvasive, setNoninvasive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { working, error, start, cancel, clearError } = useStarting();

  const all = processes.list?.processes ?? [];
  const rows = useMemo(() => filtered(sorted(all, sorting), filter), [all, sorting, filter]);
  const pid = readPid(pidText);
  const obstacle = useMemo(() => all.find((process) => process.pid === pid)?.obstacle ?? null, [all, pid]);

  const typePid = (text: string) => {
    setPidText(text);
    setProblem(null);
    clearError();
  };
  const typeFilter = (text: string) => {
    setFilter(text);
    if (text.trim() !== '')
      typePid(String(chosenAfterFilter(filtered(sorted(all, sorting), text), pid) ?? ''));
  };
  const attach = async () => {
    if (working || obstacle !== null) return;
    if (pid === null) {
      setProblem(
        pidText.trim() === ''
          ? 'Choose a process from the list, or type its number.'
          : 'A process ID is a whole number, as ps and top show it: 1234. With 0x it is hexadecimal.',
      );
      return;
    }
    if (await start('process/attach', { machine, pid, noninvasive })) onClose();
  };
  // What is asked for takes its time: it is that which is cancelled first.
  const leave = () => {
    if (cancel()) return;
    if (processes.slow) processes.cancel();
    else onClose();
  };
  const fromFilter = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.currentTarget.closest('form')?.querySelector<HTMLElement>('[role="grid"]')?.focus();
    if (pid === null && rows[0]) typePid(String(rows[0].pid));
  };

  return (
    <Dialog
      title={machine === 'local' ? 'Attach to Process' : `Attach to Process on ${name}`}
      size="xwide"
      onSubmit={attach}
      onCancel={leave}
      buttons={
        <OkCancel
          working={working || processes.slow}
          disabled={obstacle !== null}
          progress={working ? 'Attaching…' : `Asking ${name} for its processes…`}
          ready={!working}
          onCancel={leave}
        />
      }
    >
      <div className="field">
        <label htmlFor={id}>Filter</label>
        <div className="list-tools">
          <input
            id={id}
            type="text"
            value={filter}
            onChange={(event) => typeFilter(event.target.value)}
            onKeyDown={fromFilter}
            maxLength={200}
            placeholder="Name, PID, user or part of the command line"
            spellCheck={false}
            readOnly={working}
            data-autofocus
          />
          <button type="button" onClick={processes.refresh} disabled={working} title="Refresh (F5)">
            Refresh
          </button>
        </div>
        <ProcessTable
          rows={rows}
          sorting={sorting}
          chosen={pid}
          disabled={working}
          empty={<Empty processes={processes} name={name} all={all.length} />}
          onSort={setSorting}
          onChoose={(chosen) => typePid(String(chosen))}
          onAttach={() => void attach()}
        />
        <Foot processes={processes} name={name} all={all.length} shown={rows.length} />
      </div>
      {processes.error && all.length > 0 && <ErrorNote error={processes.error} />}
      <div className="pid-row">
        <TextField
          label="Process ID"
          value={pidText}
          onChange={typePid}
          disabled={working}
          inputMode="numeric"
          mono
          problem={problem}
        />
        <label className="choice">
          <input
            type="checkbox"
            checked={noninvasive}
            disabled={working}
            onChange={(event) => setNoninvasive(event.target.checked)}
          />
          <span>
            Noninvasive
            <span className="muted">
              Look at it only: it is paused, never run or changed by the debugger.
            </span>
          </span>
        </label>
      </div>
      <Problem id={`${id}-obstacle`} text={obstacle === null ? null : `Cannot attach. ${obstacle}.`} />
      {error && <ErrorNote error={error} />}
    </Dialog>
  );
}

interface ListProps {
  readonly processes: Processes;
  readonly name: string;
  readonly all: number;
}

function Empty({ processes, name, all }: ListProps): ReactNode {
  const { error, asking, list } = processes;
  if (all > 0) return 'No process fits the filter.';
  if (error) return `${error.message} ${error.action}`;
  if (asking) return `Asking ${name} for its processes…`;
  return list ? `${name} shows no processes.` : 'Press Refresh to see the processes.';
}

function Foot({ processes, name, all, shown }: ListProps & { shown: number }): ReactNode {
  const { list } = processes;
  const taken = list && new Date(list.taken).toLocaleTimeString([], { timeStyle: 'medium' });
  const count = shown === all ? `${all} processes` : `${shown} of ${all} processes`;
  return (
    <div className="list-foot">
      <span className="grow" role="status">
        {list && `${count} on ${name}, as of ${taken}.`}
      </span>
    </div>
  );
}
