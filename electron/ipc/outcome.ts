/** As WireError in transports/errors: an error whole, code and data included. */
export interface IpcError {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Outcome<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: IpcError };
