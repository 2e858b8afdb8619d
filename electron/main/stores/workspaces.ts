import { z } from 'zod';
import { type WorkspaceContent, workspaceShape } from '../../ipc/workspace.ts';
import { JsonFile, type StoreLog } from './json-file.ts';

const KEPT = 200;

const schema = z.array(z.object({ name: z.string().max(8192), ...workspaceShape })).max(KEPT * 2);

type Kept = z.infer<typeof schema>[number];

/** Workspaces by what was debugged, the last one saved first. */
export class WorkspaceStore {
  readonly #file: JsonFile<Kept[]>;

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile<Kept[]>(path, schema, () => [], log, { readable: true });
  }

  find(name: string): WorkspaceContent | null {
    return this.#file.read().find((each) => each.name === name) ?? null;
  }

  set(name: string, content: WorkspaceContent): void {
    const { kind, layout, watch, commands } = content;
    this.#file.update((all) =>
      [{ name, kind, layout, watch, commands }, ...all.filter((each) => each.name !== name)].slice(0, KEPT),
    );
  }

  /** @returns whether there was one */
  remove(name: string): boolean {
    const there = this.find(name) !== null;
    if (there) this.#file.update((all) => all.filter((each) => each.name !== name));
    return there;
  }
}
