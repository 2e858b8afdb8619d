import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { HawserError } from '../../transports/errors/error.ts';

const program =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[String(process.platform)] ??
  'electron';

function cached(env: NodeJS.ProcessEnv): string[] {
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hawser', 'electron');
  try {
    const versions = readdirSync(folder).filter((name) => !name.startsWith('.'));
    versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return versions.map((version) => join(folder, version, program));
  } catch {
    return [];
  }
}

/** The Electron program: as the launcher says, else wherever one is. */
export function findElectron(root: string, env: NodeJS.ProcessEnv): string {
  const told = env.HAWSER_ELECTRON;
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const candidates = [
    ...(told ? [told] : []),
    ...(override ? [join(override, program)] : []),
    ...cached(env),
    join(root, 'node_modules', 'electron', 'dist', program),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new HawserError(
    'ELECTRON_MISSING',
    'Electron, which shows the windows, was not found.',
    'Run npm start once: it installs it; or point ELECTRON_OVERRIDE_DIST_PATH at a folder that holds it.',
  );
}

function kernelSays(name: string): string | null {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8').trim();
  } catch {
    return null;
  }
}

/** Why Chromium's sandbox cannot work here; null where it can. */
export function noSandboxReason(
  electron: string,
  uid = process.getuid?.(),
  says: (name: string) => string | null = kernelSays,
): string | null {
  if (process.platform !== 'linux') return null;
  if (uid === 0) return 'Chromium does not sandbox what runs as root';
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper?.uid === 0 && (helper.mode & 0o4000) !== 0) return null;
  const none =
    says('kernel/unprivileged_userns_clone') === '0' ||
    says('user/max_user_namespaces') === '0' ||
    says('kernel/apparmor_restrict_unprivileged_userns') === '1';
  return none ? 'the kernel gives this user no user namespaces' : null;
}
