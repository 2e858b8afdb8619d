import { contextBridge, ipcRenderer } from 'electron';
import { LOOK_CHANNEL, PUSH_CHANNEL, REQUEST_CHANNEL, SESSION_PORT_MESSAGE } from '../ipc/channels.ts';
import type { HawserApi, PushEvents, PushName } from '../ipc/contract.ts';

type Listener = (event: unknown) => void;

const listeners = new Map<PushName, Set<Listener>>();

ipcRenderer.on(PUSH_CHANNEL, (_event, name: PushName, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

ipcRenderer.on(SESSION_PORT_MESSAGE, (event) => {
  window.postMessage(SESSION_PORT_MESSAGE, window.location.origin, event.ports);
});

ipcRenderer.on(LOOK_CHANNEL, (_event, look: unknown) => {
  for (const listener of listeners.get('look') ?? []) listener(look);
});

// Nothing of Electron itself is handed on: no event objects, no channel that the page could choose.
const api: HawserApi = {
  invoke: (name, args) => ipcRenderer.invoke(REQUEST_CHANNEL, name, args),
  on<N extends PushName>(name: N, listener: (event: PushEvents[N]) => void): () => void {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set.add(listener as Listener));
    // As it is now, first of all.
    if (name === 'look')
      void ipcRenderer.invoke(LOOK_CHANNEL).then((look: unknown) => look && (listener as Listener)(look));
    return () => void set.delete(listener as Listener);
  },
};

contextBridge.exposeInMainWorld('hawser', api);
