import { join } from 'node:path';
import { inRoot } from '../lib/paths.mjs';

/** @param {string} name */
const beside = (name) => inRoot('scripts/package', name);

/** The program that shows the window; `hawser` is the console program, which starts it. */
export const windowName = 'hawser-window';
export const productName = 'Hawser';

/**
 * What differs by system: where the program and its resources are in a finished folder, and what is said of them to the system.
 * @type {Record<string, { program: string, resources: string, options: Partial<import('@electron/packager').Options> }>}
 */
export const platforms = {
  linux: { program: windowName, resources: 'resources', options: {} },
  win32: {
    program: `${windowName}.exe`,
    resources: 'resources',
    options: {
      icon: beside('icons/hawser.ico'),
      win32metadata: {
        CompanyName: productName,
        FileDescription: productName,
        ProductName: productName,
        InternalName: windowName,
        OriginalFilename: `${windowName}.exe`,
        'requested-execution-level': 'asInvoker',
      },
    },
  },
  darwin: {
    program: join(`${productName}.app`, 'Contents/MacOS', windowName),
    resources: join(`${productName}.app`, 'Contents/Resources'),
    options: {
      icon: beside('icons/hawser.icns'),
      appBundleId: 'io.github.hawser.window',
      appCategoryType: 'public.app-category.developer-tools',
      darwinDarkModeSupport: true,
      // Keychain, for the token of a hub, and nothing else: no camera, no network extension, no scripting of other programs.
      extendInfo: { LSMinimumSystemVersion: '13.0', NSHighResolutionCapable: true },
      // Only with an identity in the environment, as `osxSign: true` would look for any in the keychain.
      ...(process.env.HAWSER_SIGN_IDENTITY && { osxSign: { identity: process.env.HAWSER_SIGN_IDENTITY } }),
    },
  },
};
