import type { Transfer } from '../engine/protocol/session.ts';
import type { Gui } from './support/gui.ts';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    /** What the page asked a session that is none, and what tells it of transfers. */
    e2eSession: { readonly asked: { method: string; params: unknown }[]; say(transfer: unknown): void };
  }
}

/** Gives the page another session, which says what the test wants: transfers as slow as one can look at them. */
async function fakeSession(gui: Gui): Promise<void> {
  await gui.page.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    const asked: { method: string; params: unknown }[] = [];
    let seq = 0;
    const you = {
      id: 1,
      host: 'ROWAN',
      user: 'ann',
      via: 'local',
      role: 'owner',
      lastActive: 0,
      connectedAt: 0,
    };
    const state = {
      run: 'stopped',
      prompt: '0:000> ',
      process: { index: 0, pid: 4127, name: 'wheel' },
      thread: { index: 0, tid: 4127, name: 'wheel' },
      kind: 'live',
      machine: 'birch',
      description: '/home/ann/src/wheel/build/wheel --spokes 36 (pid 4127)',
      queued: 0,
    };
    port2.onmessage = ({ data }) => {
      asked.push(data);
      const attached = {
        sessionId: 'e2e',
        you,
        resumeToken: '',
        state,
        clients: [you],
        servers: [],
        head: 0,
        host: 'ROWAN',
        version: '1',
      };
      if (data.id !== undefined)
        port2.postMessage({
          jsonrpc: '2.0',
          id: data.id,
          result: data.method === 'session/attach' ? attached : {},
        });
    };
    window.e2eSession = {
      asked,
      say: (transfer) => {
        const event = { seq: ++seq, time: 0, event: { type: 'transfer', transfer } };
        port2.postMessage({ jsonrpc: '2.0', method: 'session/events', params: { events: [event] } });
      },
    };
    window.postMessage('hawser/session-port', window.location.origin, [port1]);
  });
  await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText('birch');
}

const say = (gui: Gui, transfer: Transfer) =>
  gui.page.evaluate((one) => window.e2eSession.say(one), transfer);

const libc: Transfer = {
  id: 1,
  what: 'libc.so.6 from birch',
  done: 3_100_000,
  total: 12_000_000,
  state: 'running',
};

test('files on their way: progress, Cancel, and what failed until it is dismissed', async ({
  gui,
  wheel,
}) => {
  await gui.choose('File', 'Open Executable');
  await gui.dialog('Open Executable').getByLabel('File name').fill(wheel);
  await gui.dialog('Open Executable').getByRole('button', { name: 'OK' }).click();
  await gui.expectStopped();
  await fakeSession(gui);
  const status = gui.page.getByRole('region', { name: 'Status' });
  await say(gui, libc);
  await expect(status).toContainText('Fetching libc.so.6 from birch: 3.1 of 12 MB');
  const bar = status.getByRole('progressbar', { name: /libc/ });
  await expect(bar).toHaveAttribute('value', String(3.1 / 12));
  await gui.picture('transfer');
  await say(gui, { ...libc, id: 2, what: 'libstdc++.so.6 from birch', total: null });
  await expect(status).toContainText('Fetching 2 files from birch: 6.2 MB');
  await status.getByRole('button', { name: 'Cancel' }).click();
  await expect
    .poll(() =>
      gui.page.evaluate(() =>
        window.e2eSession.asked
          .filter(({ method }) => method === 'session/cancelTransfer')
          .map(({ params }) => params),
      ),
    )
    .toEqual([{ id: 1 }, { id: 2 }]);
  await say(gui, { ...libc, state: 'cancelled' });
  await say(gui, {
    ...libc,
    id: 2,
    state: 'failed',
    what: 'libstdc++.so.6 from birch',
    error: 'the disk is full',
  });
  await expect(status.getByRole('progressbar')).toHaveCount(0);
  const failed = gui.page.getByText('libstdc++.so.6 from birch: the disk is full');
  await expect(failed).toBeVisible();
  await gui.picture('transfer-failed');
  await gui.page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(failed).toBeHidden();
});
