import { LocalMachine } from '../../machine/local.ts';
import type { Machine } from '../../machine/machine.ts';

const machine = new LocalMachine();

/** The machine that the engine runs on. */
export const thisMachine = (): Machine => machine;
