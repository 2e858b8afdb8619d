import type { SourceLine } from '../../backend/types.ts';
import type { SourcePlace } from '../../protocol/views.ts';

/** As addresses travel. */
export const travelling = (address: bigint): string => `0x${BigInt.asUintN(64, address).toString(16)}`;

export const placeOf = (source: SourceLine | null | undefined): SourcePlace | null =>
  source ? { file: source.file, line: source.line } : null;
