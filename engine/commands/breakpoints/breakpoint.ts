import type { BreakpointInfo } from '../../backend/types.ts';
import type { Caller } from '../host.ts';

/** A breakpoint as the user knows it; its id is ours, `info.number` the back end's. */
export interface Breakpoint {
  readonly id: number;
  /** bp: an address; bu: a name that is looked up again; ba: a hardware breakpoint. */
  kind: 'bp' | 'bu' | 'ba';
  /** What was typed for the place: `loop!work+4`. */
  expression: string;
  access?: { readonly type: 'e' | 'r' | 'w'; readonly size: number };
  /** Null while it cannot be placed yet. */
  info: BreakpointInfo | null;
  enabled: boolean;
  oneShot: boolean;
  /** Stops at this hit, counted from 1. */
  passes: number;
  /** Thread index; null: any. */
  thread: number | null;
  commands: string;
  /** Whose rights the commands run with. */
  owner: Caller;
}

export class BreakpointTable {
  readonly #byId = new Map<number, Breakpoint>();

  /** In order of id. */
  all(): readonly Breakpoint[] {
    return [...this.#byId.values()].sort((a, b) => a.id - b.id);
  }

  get(id: number): Breakpoint | undefined {
    return this.#byId.get(id);
  }

  freeId(): number {
    let id = 0;
    while (this.#byId.has(id)) id++;
    return id;
  }

  set(breakpoint: Breakpoint): void {
    this.#byId.set(breakpoint.id, breakpoint);
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
