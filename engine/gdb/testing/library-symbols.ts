/**
 * Tests run without the debug symbols of this machine's libraries: reading them takes GDB longer than all else it does for a small
 * program. From here on what is started in this file has them.
 */
export function withLibrarySymbols(): void {
  process.env.HAWSER_DEBUG_DIRECTORY = '';
}

/** As {@link withLibrarySymbols}, in one test. @returns undoes it */
export function librarySymbolsOnce(): () => void {
  const before = process.env.HAWSER_DEBUG_DIRECTORY;
  withLibrarySymbols();
  return () => {
    process.env.HAWSER_DEBUG_DIRECTORY = before;
  };
}
