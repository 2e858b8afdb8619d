import type { Machine } from '../../../engine/machine/machine.ts';
import type { Debugging } from '../session/debugging.ts';
import { guiErrors } from '../session/errors.ts';
import { MachineView } from './machine-view.ts';

/** The machines whose processes and files the dialogs show. */
export class Machines {
  readonly #debugging: Pick<Debugging, 'stub'>;
  readonly #local: MachineView;

  constructor(debugging: Pick<Debugging, 'stub'>, local: Machine) {
    this.#debugging = debugging;
    this.#local = new MachineView(local);
  }

  /** @throws HawserError `NO_STUB` when the window is connected to none */
  view(machine: 'local' | 'stub'): MachineView {
    if (machine === 'local') return this.#local;
    const { stub } = this.#debugging;
    if (!stub) throw guiErrors.noStub();
    return stub.view;
  }
}
