import { engineErrors } from '../errors.ts';

/** Set by a break-in; looked at by everything that loops or prints at length. */
export class CancelFlag {
  requested = false;

  check(): void {
    if (this.requested) throw engineErrors.interrupted();
  }
}
