import { certificateErrors } from './certificate-errors.ts';
import { comErrors } from './com-errors.ts';
import { directoryErrors } from './directory-errors.ts';
import { lineErrors } from './line-errors.ts';
import { listenErrors } from './listen-errors.ts';
import { peerErrors } from './peer-errors.ts';
import { pipeErrors } from './pipe-errors.ts';
import { reachErrors } from './reach-errors.ts';
import { stringErrors } from './string-errors.ts';
import { tlsErrors } from './tls-errors.ts';

/** One factory for each code; the only place where connection errors are made. */
export const connectionErrors = {
  ...reachErrors,
  ...peerErrors,
  ...lineErrors,
  ...listenErrors,
  ...pipeErrors,
  ...comErrors,
  ...certificateErrors,
  ...directoryErrors,
  ...tlsErrors,
  ...stringErrors,
} as const;
