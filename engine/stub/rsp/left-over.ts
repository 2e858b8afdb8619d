import type { StubLine } from './stub-line.ts';

/** More processors than that are not asked one by one. */
const MOST = 256;

/**
 * Takes out what a debugger that was lost has left in QEMU: it forgets breakpoints when it is asked `?`, but only those of the
 * processor that is chosen, and what stays in the others would stop them with nobody knowing why.
 */
export async function forgetLeftOver(line: StubLine): Promise<void> {
  const threads: string[] = [];
  for (let question = 'qfThreadInfo'; threads.length < MOST; question = 'qsThreadInfo') {
    const [answer = ''] = await line.ask([question]);
    if (answer[0] !== 'm') break;
    threads.push(...answer.slice(1).split(','));
  }
  const [first, ...others] = threads;
  if (first === undefined) return;
  for (const thread of [...others, first]) for (const body of [`Hc${thread}`, '?']) await line.ask([body]);
}
