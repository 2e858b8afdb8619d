import { describe, expect, it } from 'vitest';
import { createMessageConnection, NotificationType, RequestType } from 'vscode-jsonrpc/node';
import { EncodedMessage } from './encoded-message.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import type { HawserError } from './errors/error.ts';
import { encodeFrame, FrameType } from './frames/format.ts';
import { Framed } from './frames/framed.ts';
import { jsonLink } from './json-link.ts';
import { memoryMessagePair } from './memory-link.ts';
import type { MessageLink } from './message-link.ts';
import { duplexPair } from './testing/duplex-pair.ts';

const links: Record<string, () => [MessageLink, MessageLink]> = {
  memory: memoryMessagePair,
  framed: () => {
    const [a, b] = duplexPair();
    return [jsonLink(new Framed(a)), jsonLink(new Framed(b))];
  },
};

const note = new NotificationType<{ n: number }>('note');
const sum = new RequestType<{ a: number; b: number }, number, void>('sum');
const notification = (n: number) => ({ jsonrpc: '2.0', method: 'note', params: { n } });
const closed = (link: MessageLink) => new Promise<HawserError | null>((resolve) => link.onClose(resolve));

describe.each(Object.entries(links))('a %s link', (_name, make) => {
  it('carries requests, answers and notifications both ways', async () => {
    const [a, b] = make();
    const left = createMessageConnection(a.reader, a.writer);
    const right = createMessageConnection(b.reader, b.writer);
    right.onRequest(sum, (p) => p.a + p.b);
    left.onRequest(sum, (p) => p.a * p.b);
    left.listen();
    right.listen();
    expect(await left.sendRequest(sum, { a: 2, b: 3 })).toBe(5);
    expect(await right.sendRequest(sum, { a: 2, b: 3 })).toBe(6);
    a.destroy();
  });

  it('keeps the order of encoded messages, pieces and writes, read late', async () => {
    const [a, b] = make();
    const writes: Promise<void>[] = [];
    for (let n = 0; n < 300; n += 3) {
      writes.push(a.writer.write(notification(n)));
      a.sendEncoded(EncodedMessage.of(notification(n + 1)));
      const json = JSON.stringify(notification(n + 2));
      a.sendEncoded(EncodedMessage.fromJson(Buffer.from(json.slice(0, 9)), Buffer.from(json.slice(9))));
    }
    const got: number[] = [];
    const right = createMessageConnection(b.reader, b.writer);
    const all = new Promise<void>((resolve) => {
      right.onNotification(note, ({ n }) => {
        got.push(n);
        if (n === 299) resolve();
      });
    });
    right.listen();
    await all;
    await Promise.all(writes);
    expect(got).toEqual(Array.from({ length: 300 }, (_, n) => n));
    expect(a.pendingBytes).toBe(0);
    a.destroy();
  });

  it('shares one encoding', () => {
    const encoded = EncodedMessage.of(notification(1));
    expect(encoded.frame).toBe(encoded.frame);
    expect(EncodedMessage.fromJson(Buffer.from('{"jsonrpc":"2.0"}')).message).toEqual({ jsonrpc: '2.0' });
  });

  it('a close delivers what was sent and says so once, with the reason', async () => {
    const [a, b] = make();
    const got: unknown[] = [];
    a.sendEncoded(EncodedMessage.of(notification(1)));
    a.close(connectionErrors.serverEnded());
    a.close();
    const reasons: (HawserError | null)[] = [];
    b.onClose((reason) => reasons.push(reason));
    b.reader.listen((message) => got.push(message));
    expect((await closed(b))?.code).toBe('SERVER_ENDED');
    expect(await closed(a)).toBeNull();
    await Promise.all([a.ended, b.ended]);
    expect(got).toEqual([notification(1)]);
    expect(reasons).toHaveLength(1);
  });

  it('a write after the end is refused; an encoded message is dropped', async () => {
    const [a, b] = make();
    b.destroy();
    a.reader.listen(() => {});
    expect((await closed(a))?.code).toBe('LINK_LOST');
    await expect(a.writer.write(notification(1))).rejects.toMatchObject({ code: 'LINK_LOST' });
    a.sendEncoded(EncodedMessage.of(notification(1)));
    await a.drained();
  });

  it('an unlistened close callback is not called', async () => {
    const [a, b] = make();
    let called = false;
    b.onClose(() => {
      called = true;
    }).dispose();
    b.reader.listen(() => {});
    a.close();
    await closed(b);
    expect(called).toBe(false);
  });

  it('counts what a reader has not taken', async () => {
    const [a, b] = make();
    const many = 2_000;
    for (let n = 0; n < many; n++) a.sendEncoded(EncodedMessage.of(notification(n)));
    expect(a.pendingBytes).toBeGreaterThan(0);
    let got = 0;
    b.reader.listen(() => got++);
    await a.drained();
    a.close();
    await closed(b);
    expect(got).toBe(many);
  });
});

describe('a framed link', () => {
  it.each(['{', '[]', '"x"', '{"id":1}', 'null'])('refuses %s', async (text) => {
    const [raw, other] = duplexPair();
    const link = jsonLink(new Framed(other));
    link.reader.listen(() => {});
    raw.write(encodeFrame(FrameType.data, 0, Buffer.from(text)));
    expect((await closed(link))?.code).toBe('PROTOCOL_VIOLATION');
  });
});
