/** One line of the table. */
export interface Row {
  /** The budget's name, by which it can be run alone. */
  readonly name: string;
  readonly what: string;
  /** Ours and the anchor, as shown: number and unit. */
  readonly ours: string;
  readonly anchor: string;
  /** Ours by the anchor. */
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
}

/** What could not be measured, and why. */
export interface Unmeasured {
  readonly name: string;
  readonly what: string;
  readonly why: string;
}

export interface Budget {
  readonly name: string;
  readonly what: string;
  /** @param say a line for people who want to know how a number came about */
  run(say: (line: string) => void): Promise<readonly Row[]>;
}
