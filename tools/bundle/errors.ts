import { dirname, join } from 'node:path';
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
      'Install a package of Hawser on the machine you sit at, or run it from a checkout: npm start.',
    ),
  noSandbox: (reason: string, program: string) =>
    new HawserError(
      'NO_SANDBOX',
      `The window is not opened without the sandbox that shuts its pages in, and there is none: ${reason}.`,
      reason.includes('root')
        ? 'Run it as a user of your own; hawser cdb works as root.'
        : `Install the .deb, which brings the sandbox's helper, or as root: chown root ${join(dirname(program), 'chrome-sandbox')} && chmod 4755 ${join(dirname(program), 'chrome-sandbox')}.`,
      { reason },
    ),
} as const;
