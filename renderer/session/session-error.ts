import type { IpcError } from '../../electron/ipc/contract.ts';

/** An error answer of the session, whole. */
export class SessionError extends Error {
  readonly wire: IpcError;

  constructor(wire: IpcError) {
    super(wire.message);
    this.name = 'SessionError';
    this.wire = wire;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** From JSON-RPC's `error` member; `data` holds the house's own error where the other end made one. */
export function fromRpcError(error: unknown): SessionError {
  const { code, message, data } = isRecord(error) ? error : {};
  if (isRecord(data) && typeof data.code === 'string' && typeof data.message === 'string') {
    return new SessionError({
      code: data.code,
      message: data.message,
      action: typeof data.action === 'string' ? data.action : '',
      data: isRecord(data.data) ? data.data : {},
    });
  }
  return new SessionError({
    code: 'RPC_ERROR',
    message: typeof message === 'string' ? message : 'The session answered with an error that says nothing.',
    action: '',
    data: { rpcCode: code },
  });
}

export const sessionClosed = () =>
  new SessionError({
    code: 'SESSION_CLOSED',
    message: 'The connection to the session is closed.',
    action: 'Connect to a session or open a program first.',
    data: {},
  });

/** What a failed request comes to, whatever threw. */
export function toIpcError(cause: unknown): IpcError {
  if (cause instanceof SessionError) return cause.wire;
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Hawser: ${message}`,
    action: '',
    data: {},
  };
}
