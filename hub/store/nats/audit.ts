import { randomUUID } from 'node:crypto';
import type { Audit, AuditLine } from '../store.ts';
import type { Layout } from './layout.ts';
import type { NatsLink } from './link.ts';

/** Lines asked for at once. */
const ABREAST = 64;

/** A stream of its own. */
export class NatsAudit implements Audit {
  readonly #link: NatsLink;
  readonly #layout: Layout;

  constructor(link: NatsLink, layout: Layout) {
    this.#link = link;
    this.#layout = layout;
  }

  async append(line: AuditLine): Promise<void> {
    // Sent again within the servers' window of two minutes, it is known by this.
    const msgID = randomUUID();
    const text = JSON.stringify(line);
    await this.#link.write('write to the audit log', () =>
      this.#link.js.publish(this.#layout.auditSubject, text, { msgID }),
    );
  }

  async *list(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): AsyncGenerator<AuditLine> {
    const { jsm } = this.#link;
    const stream = this.#layout.auditStream;
    const { state } = await this.#link.read('read the audit log', () => jsm.streams.info(stream));
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += ABREAST) {
      const count = Math.min(ABREAST, state.last_seq - seq + 1);
      const lines = await Promise.all(Array.from({ length: count }, (_, index) => this.#line(seq + index)));
      for (const line of lines) if (line && line.at >= from && line.at <= to) yield line;
    }
  }

  async #line(seq: number): Promise<AuditLine | undefined> {
    const { jsm } = this.#link;
    const stream = this.#layout.auditStream;
    const found = await this.#link.read(
      'read the audit log',
      async () =>
        (await jsm.direct.getMessage(stream, { seq })) ?? (await jsm.streams.getMessage(stream, { seq })),
    );
    return found?.json<AuditLine>();
  }
}
