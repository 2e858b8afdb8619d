import type {
  GuiState,
  HawserApi,
  IpcError,
  Outcome,
  PushEvents,
  PushName,
  RequestName,
  RequestResults,
} from '../../electron/ipc/contract.ts';
import { FakeSession } from './fake-session.ts';

/** Stands in for the preload; steered from a test driver through `window.fake`. */
const listeners = new Map<PushName, Set<(event: never) => void>>();

function push<N extends PushName>(name: N, event: PushEvents[N]): void {
  for (const listener of listeners.get(name) ?? []) (listener as (event: PushEvents[N]) => void)(event);
}

const wire = (code: string, message: string, action: string): IpcError => ({
  code,
  message,
  action,
  data: {},
});
const refused = wire(
  'CONNECTION_REFUSED',
  'Nothing answers on birch, port 5005: the connection was refused.',
  'Check that the debugging server runs there and that the port is the one it printed.',
);
const unknownWord = wire(
  'BAD_CONNECTION_STRING',
  'There is no parameter “prot”.',
  'Known for tcp are port, server, password, ipversion, clicon.',
);

let state: GuiState = { mode: 'dormant', notice: null, error: null, ending: null };
let session: FakeSession | null = null;
let answers: Partial<{ [N in RequestName]: Outcome<RequestResults[N]> | 'never' }> = {};

function setState(next: GuiState): void {
  state = next;
  push('state', next);
}

function startSession(
  kind: 'local' | 'remote',
  role: 'owner' | 'controller' | 'viewer' = 'controller',
): void {
  const connection = kind === 'remote' ? 'tcp:Port=5005,Server=birch.example' : null;
  setState({ mode: 'session', kind, connection, title: 'list-sum', stub: null, ending: null });
  session = new FakeSession(role);
  session.open();
}

const standard: { [N in RequestName]?: (args: never) => RequestResults[N] } = {
  'app/info': () => ({
    version: '0.1.0',
    host: 'ROWAN',
    user: 'ann',
    platform: 'linux-x64',
    carrier: 'Electron',
  }),
  'app/state': () => state,
  'connection/check': ({ text }: { text: string }) => ({
    error: text.includes('prot') ? unknownWord : null,
    offset: text.indexOf('prot'),
    length: 4,
    hasPassword: /password=[^*]/i.test(text),
    asksPassword: /password=\*/i.test(text),
  }),
  'directory/machines': () => ({ asked: ['birch'], announced: false }),
  'directory/found': () => [],
  'directory/list': () => [],
  'recent/list': () => fake.recent,
  'actions/list': () => [],
  'workspace/load': () => ({
    layouts: { user: '', kernel: '', dump: '' },
    watch: null,
    commands: [],
  }),
  'history/load': () => ['lm', 'bp list-sum!main', 'k'],
  'dialog/chooseFile': () => '/home/ann/src/list-sum/list-sum',
};

const api: HawserApi = {
  async invoke(name, args) {
    if (name === 'settings/load') return new Promise(() => {});
    const fixed = answers[name];
    if (fixed === 'never') return new Promise(() => {});
    if (fixed) return fixed as Outcome<never>;
    const answer = standard[name] as ((args: unknown) => unknown) | undefined;
    return { ok: true, value: (answer ? answer(args) : null) as never };
  },
  on(name, listener) {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set);
    set.add(listener as (event: never) => void);
    return () => set.delete(listener as (event: never) => void);
  },
};

const fake = {
  recent: [] as RequestResults['recent/list'],
  refused,
  push,
  setState,
  startSession,
  session: () => session,
  answer: (next: typeof answers) => {
    answers = next;
  },
};

declare global {
  interface Window {
    fake: typeof fake;
  }
}

Object.assign(window, { hawser: api, fake });
