// Runs before anything else, on Node versions that can do little: no imports here.
const wantedMajor = 20;
const wantedMinor = 19;

/** The message for a Node that is too old, or undefined. */
export function nodeTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Hawser needs Node.js ${wantedMajor}.${wantedMinor} or newer; this is ${version} (${process.execPath}). Install a newer one from your distribution, a version manager or the Node.js site, then run this again.`;
}
