import { engineErrors } from '../../engine/errors.ts';
import type { RequestName } from '../ipc/contract.ts';

/** Requests of the page that touch this machine: its programs, its processes, its files. */
export const HOST_REQUESTS: ReadonlySet<RequestName> = new Set<RequestName>([
  'process/known',
  'process/list',
  'folder/known',
  'folder/list',
  'executable/open',
  'process/attach',
  'core/open',
  'file/saveText',
  'hosted/host',
]);

/** @throws HawserError `SECURE_MODE` */
export function refuseWhereSecure(secure: boolean, name: RequestName): void {
  if (secure && HOST_REQUESTS.has(name))
    throw engineErrors.secureMode('This', "it would touch this machine's programs or files");
}
