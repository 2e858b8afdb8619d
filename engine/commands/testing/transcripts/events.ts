import type { Transcript } from './transcript.ts';

export const eventsTranscripts: readonly Transcript[] = [
  {
    name: 'crash',
    rules: ['events', 'stops'],
    args: ['3', 'crash'],
    lines: ['g', '.lastevent', '.exr -1', '~0s', '.ecxr', 'g', '.lastevent', 'g', 'k', '.lastevent', 'q'],
  },
  {
    name: 'signal',
    rules: ['events', 'stops'],
    args: ['3', 'signal'],
    lines: ['sx', 'sxe SIGUSR1', 'g', 'gh', 'g', 'g'],
  },
  { name: 'divide', rules: ['events', 'stops'], args: ['3', 'divide'], lines: ['g', 'gn', 'gn'] },
  {
    name: 'exit',
    rules: ['stops'],
    args: ['3'],
    lines: ['g', 'g', 'r', 'lm', 'bl', '.restart', 'lm1m', 'vertarget', 'version', 'vercommand'],
  },
];
