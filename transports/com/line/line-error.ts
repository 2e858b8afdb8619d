import { comErrors } from '../../errors/com-errors.ts';
import { HawserError } from '../../errors/error.ts';
import { NotATerminal } from './open-line.ts';
import { PortHeld } from './port-lock.ts';

/** Why a port could not be opened, as ours. `name` as the user gave it, `path` the device. */
export function lineError(error: unknown, name: string, path: string): HawserError {
  if (error instanceof HawserError) return error;
  if (error instanceof PortHeld) return comErrors.comPortInUse(name, path, error.holder, error);
  if (error instanceof NotATerminal) return comErrors.comPortFailed(name, 'it is no serial port', error);
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
    case 'ENXIO':
    case 'ENODEV':
      return comErrors.comPortNotFound(name, path, error);
    case 'EACCES':
    case 'EPERM':
      return comErrors.comPortNotPermitted(name, path, error);
    case 'EBUSY':
      return comErrors.comPortInUse(name, path, null, error);
    default:
      return comErrors.comPortFailed(name, reason, error);
  }
}
