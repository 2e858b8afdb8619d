import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ErrorNote } from '../../lib/Note.tsx';
import { BrowseButton } from '../BrowseButton.tsx';
import { BrowseServersDialog } from '../BrowseServersDialog.tsx';
import { check, describe, useCheck } from '../connection-check.ts';
import { Dialog } from '../Dialog.tsx';
import { PasswordField, TextField } from '../fields.tsx';
import type { DialogSpec } from '../queue.ts';
import { OkCancel, useStarting } from '../starting.tsx';
import { Tabs } from './Tabs.tsx';
import { WireList } from './WireList.tsx';
import { fieldAt, noFields, type WireFields, type WireTab, wireText } from './wire-text.ts';

const tabs: readonly { readonly key: WireTab; readonly title: string }[] = [
  { key: 'stub', title: 'GDB Stub' },
  { key: 'com', title: 'COM' },
  { key: 'pipe', title: 'Pipe' },
  { key: 'kdsrv', title: 'KD Server' },
  { key: 'text', title: 'Connection String' },
];

const about: Readonly<Record<WireTab, string>> = {
  stub: 'The stub of a virtual machine or a debug probe: QEMU (-s), VMware, OpenOCD.',
  com: 'KGDB of a Linux kernel on a serial line. What is left empty comes from _NT_DEBUG_PORT and _NT_DEBUG_BAUD_RATE.',
  pipe: "A virtual machine's serial port: a Unix socket, or the path that PATH.in and PATH.out begin with.",
  kdsrv: 'The wire is at another machine, where hawser kdsrv lends it.',
  text: 'As it stands after -k.',
};

/** The field that comes first, for what is wrong with none of them alone. */
const first: Readonly<Record<WireTab, keyof WireFields>> = {
  stub: 'server',
  com: 'device',
  pipe: 'path',
  kdsrv: 'kdServer',
  text: 'text',
};

interface Props {
  readonly spec: Extract<DialogSpec, { kind: 'kernel' }>;
  onClose(): void;
}

/** File, Kernel Debug: names the wire that leads to a kernel. */
export function KernelDialog({ spec, onClose }: Props): ReactNode {
  const id = useId();
  const [tab, setTab] = useState<WireTab>(
    spec.server !== undefined ? 'kdsrv' : spec.prefill === undefined ? 'stub' : 'text',
  );
  const [fields, setFields] = useState<WireFields>({
    ...noFields,
    text: spec.prefill ?? '',
    kdServer: spec.server ?? '',
  });
  const [password, setPassword] = useState(spec.password ?? '');
  const [image, setImage] = useState('');
  const [symbols, setSymbols] = useState('');
  const [missing, setMissing] = useState<{ field: keyof WireFields; text: string } | null>(null);
  const [browsing, setBrowsing] = useState(false);
  const { working, error, start, cancel, clearError } = useStarting(spec.error ?? null);
  const panel = useRef<HTMLDivElement>(null);
  const made = wireText(tab, fields);
  const untouched = fields[first[tab]] === '' && tab !== 'com';
  const incomplete = untouched || (tab === 'kdsrv' && fields.trans.trim() === '');
  const checked = useCheck(incomplete ? '' : made.text, 'kernel');
  const wrongField = checked?.error ? (fieldAt(made, checked.offset) ?? first[tab]) : null;

  const set = (change: Partial<WireFields>) => {
    setFields((before) => ({ ...before, ...change }));
    setMissing(null);
    clearError();
  };
  const problemOf = (field: keyof WireFields): string | null => {
    if (missing?.field === field) return missing.text;
    if (!checked?.error || wrongField !== field) return null;
    // Where in the whole it stands is of interest only where the whole is typed.
    const { reason } = checked.error.data;
    return tab === 'text' || typeof reason !== 'string' ? describe(made.text, checked) : reason;
  };
  const focusFirst = () => panel.current?.querySelector<HTMLInputElement>('input')?.focus();

  const connect = async () => {
    if (working) return;
    if (untouched && tab !== 'stub') {
      setMissing({
        field: first[tab],
        text: tab === 'pipe' ? 'Type the path of the pipe.' : 'This is missing.',
      });
      focusFirst();
      return;
    }
    if (tab === 'kdsrv' && fields.trans.trim() === '') {
      setMissing({ field: 'trans', text: 'Choose a wire of that machine, or type one.' });
      return;
    }
    const now = await check(made.text, 'kernel');
    if (now?.error) return focusFirst();
    const more = {
      ...(password !== '' && { password }),
      ...(image.trim() !== '' && { image: image.trim() }),
      ...(symbols.trim() !== '' && { symbols: symbols.trim() }),
    };
    if (await start('kernel/connect', { wire: made.text, ...more })) onClose();
  };

  useEffect(() => {
    if (error) panel.current?.querySelector<HTMLInputElement>('input')?.focus();
  }, [error]);

  const field = (
    name: Exclude<keyof WireFields, 'reconnect'>,
    label: string,
    more: Partial<FieldMore> = {},
  ) => (
    <TextField
      key={`${tab} ${name}`}
      label={label}
      value={fields[name]}
      onChange={(value) => set({ [name]: value })}
      problem={problemOf(name)}
      disabled={working}
      mono
      {...more}
    />
  );
  const close = () => cancel() || onClose();

  return (
    <>
      <Dialog
        title="Kernel Debugging"
        onSubmit={connect}
        onCancel={close}
        buttons={<OkCancel working={working} progress="Connecting to the kernel…" onCancel={close} />}
      >
        <Tabs
          id={id}
          label="How the kernel is reached"
          tabs={tabs}
          chosen={tab}
          disabled={working}
          onChoose={(key) => {
            setTab(key);
            setMissing(null);
            clearError();
          }}
        />
        <div
          id={`${id}-panel`}
          className="tab-panel"
          role="tabpanel"
          aria-labelledby={`${id}-tab-${tab}`}
          ref={panel}
        >
          <p className="hint">{about[tab]}</p>
          {tab === 'stub' && (
            <>
              {field('server', 'Machine', { placeholder: 'This machine', autoFocus: true })}
              {field('port', 'Port', { inputMode: 'numeric' })}
            </>
          )}
          {tab === 'com' && (
            <>
              {field('device', 'Port', { placeholder: '/dev/ttyUSB0' })}
              {field('baud', 'Baud Rate', { inputMode: 'numeric' })}
            </>
          )}
          {tab === 'pipe' && (
            <>
              {field('path', 'Pipe', { placeholder: '/run/vm/serial' })}
              <label className="choice">
                <input
                  type="checkbox"
                  checked={fields.reconnect}
                  disabled={working}
                  onChange={(event) => set({ reconnect: event.target.checked })}
                />
                <span>Wait for the virtual machine, and connect again when it was started anew</span>
              </label>
            </>
          )}
          {tab === 'kdsrv' && (
            <>
              {field('kdServer', 'KD connection server', {
                placeholder: 'tcp:server=HOST,port=5005',
                beside: (
                  <button
                    type="button"
                    onClick={() => setBrowsing(true)}
                    disabled={working}
                    title="List the servers of a machine"
                  >
                    Browse…
                  </button>
                ),
              })}
              <PasswordField
                value={password}
                onChange={setPassword}
                disabled={working}
                hint="Only if the server asks for one. It is never stored."
              />
              {field('trans', 'Wire', { placeholder: 'com:port=/dev/ttyUSB0,baud=115200' })}
            </>
          )}
          {tab === 'text' && field('text', 'Connection string', { placeholder: 'gdb:server=HOST,port=1234' })}
          {(tab === 'com' || tab === 'pipe' || tab === 'kdsrv') && (
            <WireList
              key={tab}
              server={tab === 'kdsrv' ? fields.kdServer.trim() : null}
              password={password}
              fits={(trans) => tab === 'kdsrv' || trans.startsWith('com:pipe') === (tab === 'pipe')}
              atOnce={tab !== 'kdsrv' || spec.server !== undefined}
              disabled={working}
              onChosen={(trans) => set(tab === 'kdsrv' ? { trans } : chosen(trans))}
            />
          )}
        </div>
        <TextField
          label="Kernel image"
          value={image}
          onChange={setImage}
          disabled={working}
          mono
          placeholder="None"
          hint="The kernel's file with its symbols (vmlinux), on this machine."
          beside={
            <BrowseButton
              title="Choose the kernel image"
              kind="file"
              disabled={working}
              onChosen={setImage}
            />
          }
        />
        <TextField
          label="Symbol path"
          value={symbols}
          onChange={setSymbols}
          disabled={working}
          mono
          placeholder="Folders, separated by ;"
        />
        {error && <ErrorNote error={error} />}
        {tab !== 'text' && !untouched && (
          <p className="hint">
            With <code>-k</code>: <code className="selectable">{made.text}</code>
          </p>
        )}
      </Dialog>
      {browsing && (
        <BrowseServersDialog
          kinds={['kd']}
          onChosen={(connection) => set({ kdServer: connection })}
          onClose={() => setBrowsing(false)}
        />
      )}
    </>
  );
}

interface FieldMore {
  readonly placeholder: string;
  readonly autoFocus: boolean;
  readonly inputMode: 'numeric';
  readonly beside: ReactNode;
}

/** What was found, into the fields of its tab. */
function chosen(trans: string): Partial<WireFields> {
  const value = (name: string) => new RegExp(`[:,]${name}=([^,]*)`).exec(trans)?.[1] ?? '';
  if (trans.startsWith('com:pipe')) return { path: value('port'), reconnect: trans.includes('reconnect') };
  return { device: value('port'), baud: value('baud') };
}
