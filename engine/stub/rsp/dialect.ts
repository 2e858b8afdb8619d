/** What a packet of GDB's becomes for a stub that speaks otherwise. */
export interface Translated {
  readonly send: string;
  /** What the stub's answer to it means to GDB. */
  answer(text: string): string | Buffer;
}

/** A stub that GDB does not understand as it is. */
export interface Dialect {
  /** Null: it is the same for both. */
  translate(body: string): Translated | null;
  /** A break-in goes to the stub. */
  interrupted(): void;
}
