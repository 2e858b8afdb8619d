import { engineErrors } from '../../errors.ts';
import { stubErrors } from '../../stub/errors.ts';
import type { Stub } from '../../stub/stub.ts';
import type { TargetSpec } from '../host.ts';

type Wanted = Extract<TargetSpec, { kind: 'launch' | 'attach' }>;

/**
 * What is asked for, on the machine behind a stub; null: the process that the stub has itself.
 * @throws HawserError `STUB_HAS_PROCESS`, `STUB_NO_PROCESS`, or `UNSUPPORTED` where it cannot be had there
 */
export function throughStub(wanted: Wanted | null, stub: Stub): TargetSpec {
  if (stub.hasProcess) {
    if (wanted) throw stubErrors.stubHasProcess(stub.connection);
    return { kind: 'stub', stub };
  }
  if (!wanted) throw stubErrors.stubNoProcess(stub.connection);
  if (wanted.kind === 'attach' && stub.attach !== true)
    throw engineErrors.unsupported('Attaching', stub.attach, 'Start the program instead.');
  if (wanted.kind === 'launch' && stub.launch !== true)
    throw engineErrors.unsupported('Starting a program', stub.launch, 'Attach to one that runs instead.');
  return { ...wanted, stub };
}
