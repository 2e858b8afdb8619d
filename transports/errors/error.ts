/**
 * The one error type of the house. Code is compared, text never is: an error keeps its code and data
 * across IPC and the wire, where it travels as {@link WireError} in JSON-RPC's `error.data`.
 */
export interface WireError {
  readonly code: string;
  /** What happened and why, in one or two sentences a user can read. */
  readonly message: string;
  /** What the user can do next, one sentence; empty where the message says it already. */
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class HawserError extends Error implements WireError {
  readonly code: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    action = '',
    data: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HawserError';
    this.code = code;
    this.action = action;
    this.data = data;
  }

  /** Message and next action as the user sees them. */
  get text(): string {
    return this.action ? `${this.message}\n${this.action}` : this.message;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, action: this.action, data: this.data };
  }

  static fromWire(wire: WireError): HawserError {
    return new HawserError(wire.code, printable(wire.message), printable(wire.action), wire.data);
  }
}

/** A peer's words go to consoles: without what would steer a terminal. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}

/** Whether a value that crossed a boundary is a {@link WireError}. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  const wire = value as Partial<WireError>;
  return (
    typeof wire.code === 'string' &&
    typeof wire.message === 'string' &&
    typeof wire.action === 'string' &&
    typeof wire.data === 'object' &&
    wire.data !== null
  );
}

/** Anything thrown, as a HawserError; a foreign error becomes `INTERNAL` and keeps its cause. */
export function toHawserError(error: unknown): HawserError {
  if (error instanceof HawserError) return error;
  if (isWireError(error)) return HawserError.fromWire(error);
  const message = error instanceof Error ? error.message : String(error);
  return new HawserError(
    'INTERNAL',
    `Internal error: ${message}`,
    'This is a defect in Hawser; please report it with the log.',
    {},
    { cause: error },
  );
}
