import { describe, expect, it } from 'vitest';
import type { Entry } from '../protocol/hub.ts';
import { clientKeysOf, createHostKeys, type HostKeys } from './keys.ts';
import { EntryOpener, EntrySealer, OrderOpener, OrderSealer } from './seal.ts';

const host = createHostKeys();
const client = clientKeysOf(host);
const sealer = new EntrySealer('s1', host);
const opener = new EntryOpener('s1', client);
const output = (text: string) => ({ type: 'output', data: Buffer.from(text).toString('base64') }) as const;

/** As somebody does who was invited and has the hub on their side: everything but the host's secret. */
const forger = (): HostKeys => ({
  role: 'host',
  secret: host.secret,
  hostSecret: createHostKeys().hostSecret,
});

const flip = (sealed: string, at: number) => {
  const bytes = Buffer.from(sealed, 'base64');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64');
};

describe('a sealed history', () => {
  it('opens for the host and for clients, and shows nothing of the text', () => {
    const entry = sealer.seal(1, 1000, { type: 'command', text: 'dv secretName' });
    expect(opener.open(entry)).toEqual({ type: 'command', text: 'dv secretName' });
    expect(new EntryOpener('s1', host).open(entry)).toEqual({ type: 'command', text: 'dv secretName' });
    expect(Buffer.from(entry.sealed, 'base64').includes('secretName')).toBe(false);
  });

  it('never seals the same text the same way', () => {
    expect(sealer.seal(1, 1, output('x')).sealed).not.toBe(sealer.seal(1, 1, output('x')).sealed);
  });

  const entry = sealer.seal(7, 1000, output('text'));
  const size = Buffer.from(entry.sealed, 'base64').length;
  const changed: [string, Entry][] = [
    ['another number', { ...entry, seq: 8 }],
    ['another instant', { ...entry, at: 1001 }],
    ['a changed nonce', { ...entry, sealed: flip(entry.sealed, 0) }],
    ['a changed text', { ...entry, sealed: flip(entry.sealed, size - 20) }],
    ['a changed tag', { ...entry, sealed: flip(entry.sealed, size - 1) }],
    ['half of it', { ...entry, sealed: entry.sealed.slice(0, 60) }],
    ['nothing', { ...entry, sealed: '' }],
    ['another session’s', new EntrySealer('s2', host).seal(7, 1000, output('text'))],
    ['one of a viewer’s making', new EntrySealer('s1', forger()).seal(7, 1000, output('text'))],
    ['one with other keys', new EntrySealer('s1', createHostKeys()).seal(7, 1000, output('text'))],
  ];
  it.each(changed)('does not open with %s', (_what, wrong) => {
    expect(() => opener.open(wrong)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });
});

describe('orders', () => {
  const agent = () => new OrderOpener('s1', host);

  it('arrive as they were given, from several windows', () => {
    const opened = agent();
    const [a, b] = [new OrderSealer('s1', host), new OrderSealer('s1', host)];
    expect(opened.open(a.seal({ type: 'input', text: 'k' }))).toMatchObject({ type: 'input', text: 'k' });
    expect(opened.open(b.seal({ type: 'break' }))).toMatchObject({ type: 'break' });
    expect(opened.open(a.seal({ type: 'leave' }))).toMatchObject({ type: 'leave' });
  });

  it('are taken once, and in the order in which they were given', () => {
    const opened = agent();
    const sender = new OrderSealer('s1', host);
    const [first, second] = [sender.seal({ type: 'break' }), sender.seal({ type: 'input', text: 'g' })];
    opened.open(second);
    for (const again of [second, first])
      expect(() => opened.open(again)).toThrow(expect.objectContaining({ code: 'ORDER_BROKEN' }));
    expect(opened.open(sender.seal({ type: 'break' }))).toMatchObject({ type: 'break' });
  });

  it.each([
    ['a viewer', new OrderSealer('s1', forger()).seal({ type: 'input', text: 'qq' })],
    ['another session', new OrderSealer('s2', host).seal({ type: 'input', text: 'qq' })],
    ['the history', new EntrySealer('s1', host).seal(1, 1, output('x')).sealed],
    ['nobody', ''],
  ])('of %s are refused', (_who, sealed) => {
    expect(() => agent().open(sealed)).toThrow(expect.objectContaining({ code: 'ORDER_BROKEN' }));
  });
});
