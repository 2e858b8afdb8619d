import type {
  HawserApi,
  IpcError,
  Outcome,
  PushEvents,
  PushName,
  RequestArgs,
  RequestName,
  RequestResults,
} from '../../electron/ipc/contract.ts';

declare global {
  interface Window {
    readonly hawser: HawserApi;
  }
}

/** A failure of the program itself; everything else comes with its own code from where it happened. */
export function internalError(cause: unknown): IpcError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Hawser: ${message}`,
    action: 'Try again; if it happens again, report it.',
    data: {},
  };
}

/** Asks the main process; never rejects. */
export async function invoke<N extends RequestName>(
  name: N,
  args: RequestArgs<N>,
): Promise<Outcome<RequestResults[N]>> {
  try {
    return await window.hawser.invoke(name, args);
  } catch (cause) {
    return { ok: false, error: internalError(cause) };
  }
}

/** For calls whose failure changes nothing for the user: a history entry that was not kept, say. */
export function tell<N extends RequestName>(name: N, args: RequestArgs<N>): void {
  void invoke(name, args).then((outcome) => {
    if (!outcome.ok) console.warn(`${name}: ${outcome.error.code}: ${outcome.error.message}`);
  });
}

export function onPush<N extends PushName>(name: N, listener: (event: PushEvents[N]) => void): () => void {
  return window.hawser.on(name, listener);
}
