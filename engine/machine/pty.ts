import { closeSync, fstatSync, readdirSync } from 'node:fs';

/**
 * Closes the programs' end of a new pseudo-terminal, as the library gives it, but for the file `held`. The library's stream on
 * it would swallow the programs' input, and Node, which opens a terminal anew for a stream, leaves the file it was given open
 * when the stream ends: the terminal would never be free, and whoever waits for that would wait for ever.
 */
export function holdAlone(held: number, stream: { destroy(): void } | undefined): void {
  stream?.destroy();
  const terminal = fstatSync(held).rdev;
  for (const file of readdirSync('/dev/fd').map(Number)) {
    if (file !== held && deviceOf(file) === terminal) closeSync(file);
  }
}

function deviceOf(file: number): number | null {
  try {
    return fstatSync(file).rdev;
  } catch {
    // The folder that was just read.
    return null;
  }
}
