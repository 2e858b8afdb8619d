import { invoke } from '../lib/hawser.ts';
import { clearOutput, say } from '../output/output.ts';
import { attachment } from './stores.ts';

let localSourcePath = '';

const LONGEST_TITLE = 200;

/**
 * Commands that a client carries out itself and never sends to the session: its own sources, its own window
 * are nobody else's.
 * @returns whether it was one
 */
export function runHere(command: string): boolean {
  if (/^\s*\.cls\s*$/i.test(command)) {
    clearOutput();
    return true;
  }
  const title = /^\s*\.wtitle(?:\s+(.*))?$/i.exec(command);
  if (title) {
    void invoke('window/title', { title: (title[1] ?? '').trim().slice(0, LONGEST_TITLE) });
    return true;
  }
  return runPath(command);
}

function runPath(command: string): boolean {
  const match = /^\s*\.lsrcpath(\+)?(?:\s+(.*))?$/i.exec(command);
  const now = attachment.get();
  // The session's own window has no path of its own beside .srcpath; the session says so.
  if (!match || (now.status === 'attached' && now.you.role === 'owner')) return false;
  const [, append, path = ''] = match;
  const added = path.trim();
  if (added !== '') localSourcePath = append && localSourcePath ? `${localSourcePath};${added}` : added;
  say('command', command.trim());
  say('normal', `Local source search path is: ${localSourcePath || '<empty>'}`);
  return true;
}
