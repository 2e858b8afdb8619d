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

interface RequestLog {
  warn(message: string): void;
  error(message: string): void;
}

const badRequest = (why: string) => new HawserError('BAD_REQUEST', `The request was not understood: ${why}.`);

const isRequest = (name: unknown): name is RequestName =>
  typeof name === 'string' && Object.hasOwn(requests, name);

/** Only our own page, in the top frame of our own window, is answered. */
function isOurPage(frame: WebFrameMain | null, contents: WebContents): boolean {
  if (!frame || frame.detached || frame.parent) return false;
  return frame.origin === PAGE_ORIGIN && contents.mainFrame === frame;
}

async function carryOut<N extends RequestName>(
  table: RequestTable,
  name: N,
  args: unknown,
): Promise<unknown> {
  const checked = requests[name].safeParse(args);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw badRequest(`${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  return table[name](checked.data as RequestArgs<N>);
}

/** Every request of the page is answered with an Outcome, whatever happens. */
export function answerRequests(contents: WebContents, table: RequestTable, log: RequestLog): void {
  contents.ipc.handle(REQUEST_CHANNEL, async (event, name: unknown, args: unknown): Promise<Outcome> => {
    try {
      if (!isOurPage(event.senderFrame, contents)) {
        log.warn(`refused a request from ${event.senderFrame?.url ?? 'a frame that is gone'}`);
        throw badRequest('it does not come from the page of this program');
      }
      if (!isRequest(name)) throw badRequest('there is no such request');
      return { ok: true, value: await carryOut(table, name, args) };
    } catch (thrown) {
      const error = toHawserError(thrown);
      if (error.code === 'INTERNAL') log.error(`${String(name)}: ${error.message} ${stackOf(thrown)}`);
      return { ok: false, error: error.toWire() };
    }
  });
}

const stackOf = (thrown: unknown) => (thrown instanceof Error ? (thrown.stack ?? '') : '');
