import { invoke } from '../lib/hawser.ts';
import { clearOutput, output, say } from '../output/output.ts';

/** What the clipboard of the main process takes at once. */
const MAX_CHARS = 64 * 1024 * 1024;

export async function copyAll(): Promise<void> {
  const text = output.text();
  if (text.length > MAX_CHARS) {
    say(
      'error',
      'The output is too long for the clipboard. Select the part you need, or keep it all with .logopen FILE.',
    );
    return;
  }
  const outcome = await invoke('clipboard/write', { text });
  if (!outcome.ok) say('error', outcome.error.message);
}

export function clearWindow(): void {
  clearOutput();
}
