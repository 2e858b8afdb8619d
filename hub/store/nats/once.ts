import { headers } from '@nats-io/transport-node';
import { isWrongLast, type NatsLink } from './link.ts';

export interface Once {
  readonly what: string;
  readonly stream: string;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Sequence of the subject's last message, which this one follows on; 0: there is none. */
  readonly after: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Publishes what may follow on one message only, and keeps at it until it is durable. Two guards, as neither is enough: the expected
 * last sequence, which for messages in flight at one moment is not checked by a cluster of 2.9 servers (measured: with R3, all of
 * twelve such writes were confirmed); and a message id made of that sequence, which is exact, but known for two minutes only.
 * @returns the sequence; undefined where another follows there already: look, and decide anew (it may be this one, by an
 * attempt whose answer was lost)
 */
export async function publishOnce(link: NatsLink, once: Once): Promise<number | undefined> {
  const { what, stream, subject, data, after } = once;
  for (let msgID = `${subject}>${after}`; ; ) {
    const id = msgID;
    try {
      const ack = await link.write(what, () =>
        link.js.publish(subject, data, {
          msgID: id,
          expect: { lastSubjectSequence: after },
          headers: headersOf(once),
        }),
      );
      if (!ack.duplicate) return ack.seq;
      const there = await link.read(what, () => link.jsm.streams.getMessage(stream, { seq: ack.seq }));
      if (there) return Buffer.from(there.data).equals(data) ? ack.seq : undefined;
      // Removed since: it may be followed anew.
      msgID = `${id}+${ack.seq}`;
    } catch (error) {
      if (!isWrongLast(error)) throw error;
      return undefined;
    }
  }
}

function headersOf({ headers: given = {} }: Once) {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
}
