import type { Transcript } from './transcript.ts';

/** Crashes, and what a process is made of. */
export const analysisTranscripts: readonly Transcript[] = [
  {
    name: 'analyze',
    program: 'crash',
    args: ['null_write'],
    lines: ['g crash!main', '!analyze', 'g', '!analyze -f', '!analyze -v', '!analyze -hang', '!analyze -x'],
  },
  { name: 'analyze-assert', program: 'crash', args: ['failed_assert'], lines: ['g', '!analyze'] },
];
