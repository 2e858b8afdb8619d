import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type Program } from '../gdb/testing/programs.ts';
import { isHarmless, reachesOut } from './testing/fuzz/harmless.ts';
import { commandLine } from './testing/fuzz/lines.ts';
import { FuzzRun } from './testing/fuzz/run.ts';
import { loopSource } from './testing/loop.ts';

const full = process.env.HAWSER_FULL !== undefined;
const LINES = Number(process.env.HAWSER_FUZZ_LINES ?? (full ? 100_000 : 1000));
const SEED = Number(process.env.HAWSER_FUZZ_SEED ?? 7);
/** Lines that one debugger is given. */
const AT_ONCE = 250;
/** Of the lines that may change the target so many are run: each costs a run of the program. */
const CHANGING = 8;

/** Only these debuggers' lines (`191,384`), to see again what was found in them. */
const CHUNKS = process.env.HAWSER_FUZZ_CHUNKS?.split(',').map(Number);

/** Lines of one debugger, by its number; half of all are run in secure mode. */
function linesOf(chunk: number): readonly string[] {
  const lines = fc.sample(commandLine, { numRuns: AT_ONCE * 2, seed: SEED + chunk });
  let changing = 0;
  const wanted = lines.filter((line) => isHarmless(line) || changing++ % CHANGING === 0);
  return wanted.filter((line) => isSecure(chunk) || !reachesOut(line)).slice(0, AT_ONCE);
}

const isSecure = (chunk: number): boolean => chunk % 2 === 1;

function* countUp(): Generator<number> {
  for (let number = 0; ; number++) yield number;
}

async function runChunk(
  chunk: number,
  lines: readonly string[],
  program: Program,
): Promise<readonly string[]> {
  const run = await FuzzRun.start(program, isSecure(chunk));
  for (const line of lines) await run.line(line);
  await run.look(true);
  await run.end();
  return run.found.map((what) => `HAWSER_FUZZ_SEED=${SEED}, chunk ${chunk}: ${what}`);
}

describe('any line', () => {
  it(`of ${LINES} leaves the session alive, and the target as it was unless it says otherwise`, {
    timeout: 14_400_000,
  }, async () => {
    const program = compile('loop.c', loopSource);
    const found: string[] = [];
    let count = 0;
    for (const chunk of CHUNKS ?? countUp()) {
      if (count >= LINES) break;
      const lines = linesOf(chunk);
      found.push(...(await runChunk(chunk, lines, program)));
      count += lines.length;
      if (process.env.HAWSER_FUZZ_TALK)
        console.log(`${count} ${found.length}\n${found.splice(0).join('\n')}`);
    }
    expect(found).toEqual([]);
  });
});
