import { COMPARE, type ComLine } from '../errors/com-errors.ts';
import { connectionErrors } from '../errors/connection-errors.ts';

/** How long a connection lives on while nothing comes, as with the cable pulled out, ms. */
export const SILENCE_MS = 60_000;

/** Why a connection over a silent line ended; both values that may differ are in it. */
export function silent({ port, baud, channel }: ComLine): () => Error {
  const what = `nothing came over ${port} (baud=${baud}, channel=${channel}) for ${SILENCE_MS / 1000} seconds`;
  return () => connectionErrors.linkLost(`${what}. ${COMPARE.replace(/\.$/, '')}`);
}
