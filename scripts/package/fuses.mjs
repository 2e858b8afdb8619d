import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/**
 * What is burned into the window's program: it is nothing but Hawser. It does not become Node by a variable (`ELECTRON_RUN_AS_NODE`),
 * takes no options of Node from the environment and no debugger for its main process, and runs the code in its archive only.
 */
export const fuses = /** @type {const} */ ({
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // Checked on Windows and macOS; Electron has no such check on Linux.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
});

/** @param {string} program @param {NodeJS.Platform} platform */
export async function setFuses(program, platform) {
  await flipFuses(program, {
    version: FuseVersion.V1,
    ...fuses,
    // A changed program has to be signed anew there, be it ad hoc.
    resetAdHocDarwinSignature: platform === 'darwin',
  });
}
