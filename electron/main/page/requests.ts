import type { WebContents, WebFrameMain } from 'electron';
import { HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { REQUEST_CHANNEL } from '../../ipc/channels.ts';
import {
  type Outcome,
  type RequestArgs,
  type RequestName,
  type RequestResults,
  requests,
} from '../../ipc/contract.ts';
import { PAGE_ORIGIN } from './protocol.ts';

export type RequestTable = {
  readonly [N in RequestName]: (args: RequestArgs<N>) => RequestResults[N] | Promise<RequestResults[N]>;
};

/** What one window's page may ask for; the rest does not exist for it. */
export type WindowTable = Partial<RequestTable>;

interface RequestLog {
  warn(message: string): void;
  error(message: string): void;
}

const badRequest = (why: string) => new HawserError('BAD_REQUEST', `The request was not understood: ${why}.`);

const isRequest = (table: WindowTable, name: unknown): name is RequestName =>
  typeof name === 'string' && Object.hasOwn(requests, name) && Object.hasOwn(table, name);

/**
 * Only our own page is answered, never something embedded in it. (Not compared: `contents.mainFrame` and `detached`
 * are those of the frame that was, once the page's process has crashed and another has taken its place.)
 */
export function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === PAGE_ORIGIN;
}

async function carryOut<N extends RequestName>(table: WindowTable, name: N, args: unknown): Promise<unknown> {
  const checked = requests[name].safeParse(args);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw badRequest(`${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const answer = table[name] as RequestTable[N];
  return answer(checked.data as RequestArgs<N>);
}

/** Every request of the page is answered with an Outcome, whatever happens. */
export function answerRequests(
  contents: WebContents,
  table: WindowTable,
  log: RequestLog,
  guard: (name: RequestName) => void = () => undefined,
): void {
  contents.ipc.handle(REQUEST_CHANNEL, async (event, name: unknown, args: unknown): Promise<Outcome> => {
    try {
      if (!isOurPage(event.senderFrame)) {
        const from = event.senderFrame;
        log.warn(`refused a request from ${from ? `${from.url} (${from.origin})` : 'a frame that is gone'}`);
        throw badRequest('it does not come from the page of this program');
      }
      if (!isRequest(table, name)) throw badRequest('there is no such request');
      guard(name);
      return { ok: true, value: await carryOut(table, name, args) };
    } catch (thrown) {
      const error = toHawserError(thrown);
      if (error.code === 'INTERNAL') log.error(`${String(name)}: ${error.message} ${stackOf(thrown)}`);
      return { ok: false, error: error.toWire() };
    }
  });
}

const stackOf = (thrown: unknown) => (thrown instanceof Error ? (thrown.stack ?? '') : '');
