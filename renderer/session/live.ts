import type { SESSION_PORT_MESSAGE } from '../../electron/ipc/contract.ts';
import type { SessionEvent, SessionMethod, SessionRequests } from '../../engine/protocol/session.ts';
import { tell } from '../lib/hawser.ts';
import { pieceOf } from '../output/event-lines.ts';
import { clearOutput, onIdle, say, show } from '../output/output.ts';
import { targetOutput } from '../output/target-output.ts';
import { type Message, messageLine, Talk } from '../people/talk.ts';
import { guiState } from '../state/gui.ts';
import { type ResumePoint, SessionClient } from './client.ts';
import type { PortLike } from './json-rpc.ts';
import { begun, forgetSent } from './own-commands.ts';
import { forgetPast, rememberCommand } from './past-commands.ts';
import { sessionClosed, toIpcError } from './session-error.ts';
import { applyEvent, attachment, forget, takeSnapshot } from './stores.ts';

const PORT_MESSAGE: typeof SESSION_PORT_MESSAGE = 'hawser/session-port';
/** What an event weighs besides its text, roughly. */
const EVENT_BYTES = 120;

let current: SessionClient | null = null;
/** Where the session that is in the window was left; kept while its link is down. */
let resume: ResumePoint | null = null;

const listeners = new Set<(event: SessionEvent) => void>();
const hearers = new Set<(message: Message) => void>();

/** Hears of what happens from now on, after the stores have. */
export function onSessionEvent(listener: (event: SessionEvent) => void): void {
  listeners.add(listener);
}

/** Hears of what others say from now on. */
export function onMessage(listener: (message: Message) => void): void {
  hearers.add(listener);
}

/** A request to the session that this window shows. */
export function ask<M extends SessionMethod>(
  method: M,
  params: SessionRequests[M]['params'],
): Promise<SessionRequests[M]['result']> {
  return current ? current.request(method, params) : Promise.reject(sessionClosed());
}

/** So that one learns how to do without the dialog. */
function sayHowOpened(): void {
  const state = guiState.get();
  if (state?.mode === 'session' && state.commandLine) say('verbose', `Opened as: ${state.commandLine}`);
}

function open(port: PortLike): void {
  if (current) resume = current.resumePoint;
  current?.close();
  let ownId = 0;
  const talk = new Talk();
  const client = new SessionClient(port, {
    attached(result, resumed) {
      ownId = result.you.id;
      if (!resumed) {
        clearOutput();
        sayHowOpened();
        targetOutput.clear();
        forgetPast();
      }
      takeSnapshot(result);
    },
    event(numbered, live) {
      const { seq, event } = numbered;
      if (live) {
        applyEvent(event);
        for (const listener of listeners) listener(event);
      }
      if (event.type === 'command') begun(event.commandId);
      rememberCommand(numbered, ownId);
      targetOutput.take(event);
      const said = talk.hear(numbered, ownId);
      if (said) {
        show(messageLine(said.message), () => {});
        if (live) for (const hearer of hearers) hearer(said.message);
      }
      const left = said && { ...event, text: said.rest };
      const piece = said?.rest === '' ? null : pieceOf(left ? { ...numbered, event: left } : numbered, ownId);
      show(piece, () => client.taken(seq, (piece?.text.length ?? 0) + EVENT_BYTES));
    },
    closed() {
      if (current !== client) return;
      resume = client.resumePoint;
      current = null;
      forget();
      forgetSent();
    },
  });
  current = client;
  onIdle(() => client.idle());
  attachment.set({ status: 'attaching' });
  client.attach(resume).catch((cause: unknown) => {
    if (current === client) attachment.set({ status: 'failed', error: toIpcError(cause) });
  });
}

export function startSession(): void {
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source === window && event.data === PORT_MESSAGE && port) open(port);
  });
  // A session that ended is not resumed: the next one is another.
  guiState.subscribe(() => {
    if (guiState.get()?.mode === 'dormant') resume = null;
  });
  tell('session/wantPort', undefined);
}
