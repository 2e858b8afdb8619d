/** What a command has asked for: the next lines of one client, at the prompt `Input> `. */
export interface PendingInput {
  /** Of the client that is asked. */
  readonly client: number;
  /** A line that is not empty; an error leaves the question open. @returns whether more is wanted */
  take(line: string): Promise<boolean>;
}
