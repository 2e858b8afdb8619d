import type { Transcript } from './transcript.ts';

export const threadsTranscripts: readonly Transcript[] = [
  {
    name: 'threads',
    librarySymbols: true,
    rules: ['tokens', 'breakpoints'],
    args: ['3', 'threads'],
    lines: [
      'g `loop.c:LINE(threads)`',
      '~',
      '~1',
      '~1s',
      '|',
      '~0s',
      '~9s',
      '~1 bp loop!recurse',
      'bl',
      '|.',
      '|0',
      '|7',
      '|0s',
      '|s',
      '|~[@$tpid]',
      '|[1]',
      '|[@$tpid]s',
      '|x',
      '||',
      '||.',
      '||#s',
      '||9',
    ],
  },
];
