import { describe, expect, it } from 'vitest';
import { connectionErrors, HawserError } from '../../../transports/errors/index.ts';
import { afterClose } from './after-close.ts';
import { noFacts } from './watch.ts';

const connection = 'tcp:Port=1,Server=x';

describe('afterClose', () => {
  it('is dormant after an end that was told', () => {
    const ended = { reason: 'quit', text: 'The session was ended.' } as const;
    expect(afterClose(connection, { ...noFacts, ended }, connectionErrors.serverEnded())).toEqual({
      mode: 'dormant',
      notice: 'The session was ended.',
      error: null,
    });
  });

  it.each([connectionErrors.serverEnded(), new HawserError('REMOVED', 'Removed.', 'Ask.')])(
    'is dormant where reconnecting would be pointless: $code',
    (reason) => {
      expect(afterClose(connection, noFacts, reason)).toMatchObject({ mode: 'dormant', notice: reason.text });
    },
  );

  it.each([connectionErrors.linkLost('cut'), connectionErrors.protocolViolation('x'), null])(
    'has lost the link otherwise',
    (reason) => {
      const next = afterClose(connection, noFacts, reason);
      expect(next).toMatchObject({ mode: 'linkLost', connection, reconnecting: false });
      if (reason) expect(next.error).toEqual(reason.toWire());
    },
  );

  it('never waits for a link to itself', () => {
    const reason = connectionErrors.linkLost('cut');
    expect(afterClose(null, noFacts, reason)).toMatchObject({ mode: 'dormant', error: reason.toWire() });
  });
});
