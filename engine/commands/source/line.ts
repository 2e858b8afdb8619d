import { instructionPointer } from '../pseudo.ts';
import type { DebuggerState } from '../state.ts';
import { sourceLines } from './listing.ts';

/** `>  44:       count = 12;`, as the options ask for it; null: they do not, or there is no line here. */
export async function sourceLine(state: DebuggerState): Promise<string | null> {
  const { source } = state;
  const code = source.has('s') || source.has('o');
  if (!code && !source.has('l')) return null;
  const [place = null] = await state.target.lines([await instructionPointer(state)]);
  if (!place) return null;
  const number = `>${String(place.line).padStart(4)}:`;
  if (!code) return `${number} ${place.file}`;
  const [before, after] = state.listing.prompt;
  if (before + after > 0) {
    const first = Math.max(1, place.line - before);
    const lines = await state.target.sourceLines(place.file, first, place.line - first + 1 + after);
    if (lines !== null) return sourceLines(lines, first, place.line);
  }
  const text = await state.target.sourceText(place.file, place.line);
  // Without the file its name and line are what there is.
  return `${number} ${text ?? place.file}`;
}
