import type { ClientInfo, SessionEvent } from '../../engine/protocol/session.ts';
import { createStore } from '../lib/store.ts';
import { onMessage, onSessionEvent } from '../session/live.ts';
import { attachment, clients } from '../session/stores.ts';
import { type Message, shortName } from './talk.ts';

/** How long it stays in the strip that somebody has come or gone, or has said something, ms. */
const NEWS_MS = 20_000;

export interface Typed {
  readonly id: number;
  /** '' where it is known only that somebody has typed something. */
  readonly command: string;
}

/** Who gave the last command; null: nobody yet. */
export const typedLast = createStore<Typed | null>(null);
/** What has happened among the people here, in words; it goes by itself. */
export const peopleNews = createStore<{ readonly text: string; readonly kind: 'news' | 'message' } | null>(
  null,
);

let timer: ReturnType<typeof setTimeout> | undefined;

function tellNews(text: string, kind: 'news' | 'message'): void {
  peopleNews.set({ text, kind });
  clearTimeout(timer);
  timer = setTimeout(() => peopleNews.set(null), NEWS_MS);
}

const tellMessage = ({ who, text }: Message): void => tellNews(`${who} says: ${text}`, 'message');

const LEFT = { left: 'left', linkLost: 'did not come back', removed: 'was removed' } as const;

function isYou({ id }: ClientInfo): boolean {
  const now = attachment.get();
  return now.status === 'attached' && now.you.id === id;
}

function newsOf(event: SessionEvent): string | null {
  switch (event.type) {
    case 'clientJoined':
      return `${shortName(event.client)} joined`;
    case 'clientLeft':
      return `${shortName(event.client)} ${LEFT[event.reason]}`;
    case 'clientAway':
      return `${shortName(event.client)} lost the link`;
    case 'clientBack':
      return `${shortName(event.client)} is back`;
    case 'clientChanged':
      return isYou(event.client)
        ? `You are a ${event.client.role} now`
        : `${shortName(event.client)} is a ${event.client.role} now`;
    default:
      return null;
  }
}

/** Of those who have typed anything since they came, the last. */
function lastActive(list: readonly ClientInfo[]): Typed | null {
  const typed = list.filter((each) => each.lastActive > each.connectedAt);
  const last = typed.sort((a, b) => b.lastActive - a.lastActive)[0];
  return last ? { id: last.id, command: '' } : null;
}

/** Once. */
export function startPeople(): void {
  attachment.subscribe(() => {
    const { status } = attachment.get();
    if (status === 'none') typedLast.set(null);
    else if (status === 'attached' && typedLast.get() === null) typedLast.set(lastActive([...clients.get()]));
  });
  clients.subscribe(() => {
    if (typedLast.get() === null) typedLast.set(lastActive([...clients.get()]));
  });
  onMessage(tellMessage);
  onSessionEvent((event) => {
    if (event.type === 'command' && event.client) typedLast.set({ id: event.client.id, command: event.text });
    const text = newsOf(event);
    if (text !== null) tellNews(text, 'news');
  });
}
