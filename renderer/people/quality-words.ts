export interface LinkQuality {
  /** Of the last measurements, the newest last, ms. */
  readonly roundTrips: readonly number[];
  /** How often the link was lost, and how often it was tried to mend it. */
  readonly losses: number;
  readonly retries: number;
}

/** `0.4 ms`, `12 ms`. */
const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** `short` for the strip, `full` says it all. */
export function qualityWords({ roundTrips, losses, retries }: LinkQuality): {
  readonly short: string;
  readonly full: string;
} {
  const last = roundTrips.at(-1);
  const trip = last === undefined ? 'Round trip …' : `Round trip ${milliseconds(last)}`;
  const times = retries === 1 ? '1 retry' : `${retries} retries`;
  const links = losses === 0 ? 'never lost' : `lost ${losses === 1 ? 'once' : `${losses} times`}, ${times}`;
  const range =
    last === undefined
      ? ''
      : ` Of the last ${roundTrips.length} round trips the shortest took ${milliseconds(Math.min(...roundTrips))}, the longest ${milliseconds(Math.max(...roundTrips))}.`;
  return {
    short: `${trip}, ${retries === 0 ? 'no retries' : times}`,
    full: `The link to the session was ${links}.${range}`,
  };
}
