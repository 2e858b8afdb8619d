/** One subcommand of `hawser`. */
export interface Tool {
  readonly name: string;
  /** One line, for `hawser help`. */
  readonly summary: string;
  /** All of it, for `hawser help TOOL`. */
  help(): string;
  /** @returns the exit status: 0 done, 1 failed (told on standard error), 2 the command line was wrong. */
  run(argv: readonly string[]): Promise<number>;
}
