import type { Transcript } from './transcript.ts';

/** Crashes, and what a process is made of. */
export const analysisTranscripts: readonly Transcript[] = [
  {
    name: 'analyze',
    program: 'crash',
    args: ['null_write'],
    lines: [
      'g crash!main',
      '!analyze',
      'g',
      '!analyze -f',
      '!analyze -v',
      '!analyze -hang',
      '!analyze -x',
      '!analyze -c; !analyze -c -help',
      '!analyze -c -load SCRIPTS/known-issues.txt; !analyze -c',
      '!analyze -c -unload; !analyze -c',
    ],
  },
  {
    name: 'process-facts',
    program: 'facts',
    args: [],
    lines: [
      'g facts!ready',
      '!handle 3 7',
      '!handle 777',
      '!handle 0 0 Epoll',
      '!gle',
      '!gle -all',
      '~1 !gle',
      '!error 2',
      '!error (-0n110)',
      '!error 0n999',
      '!error b 1',
      '!error b 2',
    ],
  },
  { name: 'analyze-assert', program: 'crash', args: ['failed_assert'], lines: ['g', '!analyze'] },
];
