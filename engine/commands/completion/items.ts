export interface Item {
  readonly text: string;
  readonly detail: string;
}

export interface Completion {
  /** Offset of what the items stand in the place of. */
  readonly from: number;
  readonly items: readonly Item[];
}
