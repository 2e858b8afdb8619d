import { HawserError } from '../../transports/errors/error.ts';

/** What only a copied program can lack. */
export const bundleErrors = {
  /** @param file what is wanted beside the program */
  nativePartMissing: (file: string, use: string) =>
    new HawserError(
      'NATIVE_PART_MISSING',
      `${use} needs a native part that is not there: ${file}`,
      `Copy the folder native, which npm run bundle makes for ${process.platform}-${process.arch}, beside the program.`,
      { file },
    ),
  nativePartUnusable: (file: string, use: string, reason: string) =>
    new HawserError(
      'NATIVE_PART_UNUSABLE',
      `${use} needs a native part that does not load: ${reason}`,
      `Copy the one that npm run bundle makes for this version and for ${process.platform}-${process.arch}.`,
      { file, reason },
    ),
  noWindows: () =>
    new HawserError(
      'GUI_NOT_BUNDLED',
      'The debugger with windows is not in this program, which holds the console tools only.',
      'Run it from a checkout on the machine you sit at: npm start, or hawser windbg.',
    ),
} as const;
