import type { BreakpointInfo } from '../../backend/types.ts';
import type { Caller } from '../host.ts';

/** A breakpoint as the user knows it; its id is ours, `info.number` the back end's. */
export interface Breakpoint {
  id: number;
  /** bp: an address; bu: a name that is looked up again; ba: a hardware breakpoint. */
  kind: 'bp' | 'bu' | 'ba';
  /** What was typed for the place: `loop!work+4`. */
  expression: string;
  access?: { readonly type: 'e' | 'r' | 'w'; readonly size: number };
  /** Null while it cannot be placed yet. */
  info: BreakpointInfo | null;
  /** Path of the module it stands in; of `bp` and `ba` only. */
  module?: string | undefined;
  enabled: boolean;
  oneShot: boolean;
  /** Stops at this hit, counted from 1. */
  passes: number;
  /** As typed: a C or C++ expression that has to hold; '' for none. */
  condition: string;
  /** Frames on the stack: fewer than, more than; 0: any. */
  depth: { readonly below: number; readonly above: number };
  /** Thread index; null: any. */
  thread: number | null;
  commands: string;
  /** Whose rights the commands run with. */
  owner: Caller;
}

export class BreakpointTable {
  readonly #byId = new Map<number, Breakpoint>();
  readonly #takenElsewhere: (id: number) => boolean;

  /** Ids are unique over all tables of a session: `taken` knows those of the others. */
  constructor(taken: (id: number) => boolean) {
    this.#takenElsewhere = taken;
  }

  /** In order of id. */
  all(): readonly Breakpoint[] {
    return [...this.#byId.values()].sort((a, b) => a.id - b.id);
  }

  get(id: number): Breakpoint | undefined {
    return this.#byId.get(id);
  }

  freeId(): number {
    let id = 0;
    while (this.#byId.has(id) || this.#takenElsewhere(id)) id++;
    return id;
  }

  isElsewhere(id: number): boolean {
    return this.#takenElsewhere(id);
  }

  set(breakpoint: Breakpoint): void {
    this.#byId.set(breakpoint.id, breakpoint);
  }

  /** Under another id, which is free. */
  rename(breakpoint: Breakpoint, id: number): void {
    this.#byId.delete(breakpoint.id);
    this.#byId.set(id, Object.assign(breakpoint, { id }));
  }

  delete(id: number): void {
    this.#byId.delete(id);
  }

  byBackendNumber(number: number): Breakpoint | undefined {
    return this.all().find((breakpoint) => breakpoint.info?.number === number);
  }

  /** The one that stands at the address already. */
  at(address: bigint): Breakpoint | undefined {
    return this.all().find((breakpoint) => breakpoint.kind !== 'ba' && breakpoint.info?.address === address);
  }
}
