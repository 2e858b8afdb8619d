import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where agents have their sockets, the place to make one first. Two, as for pipes: a session of `su` or `ssh` may lack the
 * first, and it goes when the user has left the computer, which an agent outlives.
 */
export function agentFolders(): readonly string[] {
  const own = process.env.XDG_RUNTIME_DIR;
  const found = own ? statSync(own, { throwIfNoEntry: false }) : undefined;
  const usable = own && found?.isDirectory() && found.uid === process.getuid?.();
  const shared = join('/tmp', `hawser-${process.getuid?.() ?? userInfo().username}`);
  return [...(usable ? [join(own, 'hawser')] : []), shared].map((folder) => join(folder, 'hosted'));
}

/** What waits for a hub, and agents' logs. */
export function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'hawser/hosted');
}
