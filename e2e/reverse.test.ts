import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from './support/test.ts';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

test.describe('Connect to a server that calls', () => {
  test('the window says that it waits, can be cancelled, and is called', async ({ gui, tool, wheel }) => {
    const port = await freePort();
    const connection = `tcp:clicon=localhost,port=${port}`;
    await gui.expectDormant();
    await gui.choose('File', 'Connect to Remote Session');
    await gui.fillConnect(connection);
    await expect(gui.page.getByText(`Waiting on port ${port} for localhost to call`)).toBeVisible();
    await gui.picture('connect-waiting');
    await gui.connectDialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(gui.page.getByText(`Waiting on port ${port}`)).toBeHidden();
    await expect(gui.connectDialog).toBeVisible();

    await gui.fillConnect(connection);
    await expect(gui.page.getByText(`Waiting on port ${port}`)).toBeVisible();
    const server = tool(['cdb', '-server', connection, wheel]);
    await server.says(/Calling localhost/);
    await expect(gui.connectDialog).toBeHidden();
    await gui.expectStopped();
  });
});
