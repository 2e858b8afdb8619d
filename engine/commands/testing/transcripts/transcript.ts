import type { Rule } from '../conformance/rules.ts';
import type { GoldenProgram } from '../golden-programs.ts';

/** Lines that are typed, one after the other, and whose output is kept in `golden/NAME.txt`. */
export interface Transcript {
  /** `loop` where left out. */
  readonly program?: GoldenProgram;
  /** Of its file. */
  readonly name: string;
  /** The rules of the language that it shows; the commands are read from the lines. */
  readonly rules?: readonly Rule[];
  readonly args: readonly string[];
  /** The lines are typed at a core file, which is written where the program dies. */
  readonly core?: true;
  /** It shows names out of system libraries, and needs their debug symbols for that. */
  readonly librarySymbols?: true;
  /** `LINE(marker)` stands for the number of the line that has the marker in a comment, `SCRIPTS` for `golden/scripts`, `DIR` for the program’s folder. */
  readonly lines: readonly string[];
}
