import { readFile } from 'node:fs/promises';

let known: { readonly read: number; readonly names: ReadonlyMap<number, string> } | null = null;
/** How long the list is good for, milliseconds. */
const GOOD_FOR = 30_000;

/** Names of the users in this machine's list; another's, of a network or a container, is `uid 1234`. */
export async function userNames(): Promise<(uid: number) => string> {
  if (!known || performance.now() - known.read > GOOD_FOR)
    known = { read: performance.now(), names: parse(await readFile('/etc/passwd', 'utf8').catch(() => '')) };
  const { names } = known;
  return (uid) => names.get(uid) ?? `uid ${uid}`;
}

function parse(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':', 3);
    if (name && uid && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
