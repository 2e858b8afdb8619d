import type { Audit, AuditLine } from '../store.ts';
import type { Database } from './database.ts';
import type { Revisions } from './revisions.ts';

const instant = (at: number) => String(Math.max(0, Math.floor(at))).padStart(15, '0');
const END = '~';

/** Keys `a!INSTANT!REVISION`. */
export class LevelAudit implements Audit {
  readonly #database: Database;
  readonly #revisions: Revisions;

  constructor(database: Database, revisions: Revisions) {
    this.#database = database;
    this.#revisions = revisions;
  }

  async append(line: AuditLine): Promise<void> {
    const key = `a!${instant(line.at)}!${String(this.#revisions.next()).padStart(15, '0')}`;
    await this.#database.write([{ type: 'put', key, value: JSON.stringify(line) }, this.#revisions.mark()]);
  }

  async *list(from?: number, to?: number): AsyncIterable<AuditLine> {
    const first = from === undefined ? 'a!' : `a!${instant(from)}`;
    const last = to === undefined ? `a!${END}` : `a!${instant(to)}!${END}`;
    for await (const [, value] of this.#database.range(first, last)) yield JSON.parse(value) as AuditLine;
  }
}
