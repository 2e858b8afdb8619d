import { createImageStore } from '../image-store.ts';
import { FolderMachine } from './machine.ts';

/** For a process of its own: fetches a file into a cache; says `at N` as bytes come, and in the end where it is. */
export async function fetchInProcess(
  remote: string,
  name: string,
  folder: string,
  stopAt: number,
): Promise<void> {
  const machine = new FolderMachine(remote, {
    piece: (_path, offset) => (offset < stopAt ? Promise.resolve() : new Promise(() => {})),
  });
  const image = await machine.image(name);
  // Kept alive although nothing comes any more.
  setInterval(() => {}, 1000);
  const path = await createImageStore({ folder, env: {} }).fetch(image, {
    machine,
    machineName: machine.host,
    pid: null,
    signal: new AbortController().signal,
    progress: (done) => console.log(`at ${done}`),
    from: () => {},
  });
  console.log(`path ${path} from ${machine.reads.map(({ offset }) => offset)}`);
  process.exit(0);
}
