import { type AddressInfo, createServer, type Server } from 'node:net';
import { hostname, userInfo } from 'node:os';
import type { Locator } from 'playwright';
import { privatePort } from '../transports/directory/testing/port.ts';
import { Raw } from '../transports/directory/testing/raw.ts';
import type { Gui } from './support/gui.ts';
import { expect, test } from './support/test.ts';

let port = 0;
let busy: Server | null = null;

// Program and servers of a test have a directory of their own.
test.beforeEach(async () => {
  port = await privatePort();
  process.env.HAWSER_DIRECTORY_PORT = String(port);
});
test.afterEach(() => {
  process.env.HAWSER_DIRECTORY_PORT = 'off';
  busy?.close();
  busy = null;
});

interface Browsing {
  readonly dialog: Locator;
  readonly machine: Locator;
  readonly list: Locator;
  readonly rows: Locator;
}

async function browse(gui: Gui): Promise<Browsing> {
  await expect(gui.startPage).toBeVisible();
  if (!(await gui.connectDialog.isVisible())) await gui.choose('File', 'Connect to Remote Session');
  await gui.connectDialog.getByRole('button', { name: 'Browse…' }).click();
  const dialog = gui.dialog('Browse Remote Servers');
  await expect(dialog).toBeVisible();
  const list = dialog.getByRole('listbox', { name: 'Servers' });
  return {
    dialog,
    machine: dialog.getByRole('combobox', { name: 'Machine' }),
    list,
    rows: list.getByRole('option'),
  };
}

const connectionString = (gui: Gui) => gui.connectDialog.getByRole('textbox', { name: 'Connection string' });

const selection = (box: Locator) =>
  box.evaluate((input) => {
    const { selectionStart, selectionEnd, value } = input as HTMLInputElement;
    return value.slice(selectionStart ?? 0, selectionEnd ?? 0);
  });

test.describe('Browse Remote Servers', () => {
  test('lists a machine, and puts the string of the chosen server into the Connect dialog', async ({
    gui,
    serve,
    wheel,
  }) => {
    const open = await serve([wheel]);
    const guarded = await serve([wheel], { password: 'fathom' });
    const { dialog, machine, list, rows } = await browse(gui);
    await expect(machine).toBeFocused();
    await expect(dialog).toContainText('Type the name of a machine');
    await gui.picture('browse-begin');
    await machine.fill('\\\\localhost');
    await machine.press('Enter');
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toHaveAccessibleName(
      new RegExp(`^Debugger Server, tcp:Port=${open.port}(:\\d+)?, started by ${userInfo().username}, `),
    );
    await expect(list).toBeFocused();
    await gui.picture('browse-list');

    await list.press('ArrowDown');
    await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true');
    await list.press('Enter');
    await expect(dialog).toBeHidden();
    const text = connectionString(gui);
    await expect(text).toHaveValue(`tcp:Port=${guarded.port},Server=localhost,Password=*`);
    await expect(text).toBeFocused();
    expect(await selection(text)).toBe('*');
    await gui.picture('browse-chosen');

    await gui.connectDialog.getByRole('button', { name: 'OK' }).click();
    await expect(gui.connectDialog).toContainText('The asterisk stands for a password');
    await gui.picture('connect-asterisk');
    expect(await selection(text)).toBe('*');
    await gui.page.keyboard.type('fathom');
    await gui.page.keyboard.press('Enter');
    await expect(gui.connectDialog).toBeHidden();
    await gui.expectStopped();
  });

  test('a filled password field answers the asterisk; OK and double-click choose', async ({
    gui,
    serve,
    wheel,
  }) => {
    const open = await serve([wheel]);
    const guarded = await serve([wheel], { password: 'fathom' });
    const { dialog, machine, rows } = await browse(gui);
    await machine.fill(hostname());
    await dialog.getByRole('button', { name: 'Refresh' }).click();
    await rows.first().dblclick();
    await expect(dialog).toBeHidden();
    await expect(connectionString(gui)).toHaveValue(`tcp:Port=${open.port},Server=localhost`);

    await browse(gui);
    // The machine is remembered, and asked at once.
    await expect(machine).toHaveValue(hostname());
    await rows.nth(1).click();
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(connectionString(gui)).toHaveValue(`tcp:Port=${guarded.port},Server=localhost,Password=*`);
    await gui.connectDialog.getByLabel('Password', { exact: true }).fill('fathom');
    await gui.connectDialog.getByRole('button', { name: 'OK' }).click();
    await expect(gui.connectDialog).toBeHidden();
    await gui.expectStopped();
  });

  test('shows debugging servers only, and marks what does not answer', async ({ gui, serve, wheel }) => {
    const live = await serve([wheel]);
    const owner = new Raw(port);
    const entry = { user: 'bob', program: 'hawser', started: Date.now(), reach: 'machine' };
    owner.say({
      hawser: 'directory',
      version: 1,
      request: 'register',
      servers: [
        { ...entry, kind: 'process', connection: 'npipe:Pipe=stub' },
        { ...entry, kind: 'debugger', connection: 'tcp:Port=53:60,Password=*' },
      ],
    });
    await owner.line();
    owner.socket.destroy();
    const { dialog, machine, rows, list } = await browse(gui);
    await machine.fill('localhost');
    await machine.press('Enter');
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText('not answering');
    await list.press('End');
    await gui.picture('browse-not-answering');
    await list.press('Enter');
    await expect(connectionString(gui)).toHaveValue('tcp:Port=53,Server=localhost,Password=*');

    await live.child.end();
    await browse(gui);
    await expect(dialog).toContainText('No servers are registered on localhost');
    await gui.picture('browse-none');
  });

  test('says when a machine has none of the kind, cannot be found, or makes one wait', async ({ gui }) => {
    const { dialog, machine } = await browse(gui);
    await dialog.getByRole('button', { name: 'Refresh' }).click();
    await expect(dialog).toContainText('Type the name of a machine first.');
    await machine.fill('nowhere.invalid');
    await machine.press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('nowhere.invalid was not found');
    await gui.picture('browse-unreachable');

    busy = createServer(() => {});
    await new Promise<void>((done) => busy?.listen(port, '127.0.0.1', done));
    expect((busy.address() as AddressInfo).port).toBe(port);
    await machine.fill('localhost');
    await machine.press('Enter');
    await expect(dialog).toContainText('Asking localhost for its servers…');
    await gui.picture('browse-loading');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toContainText('Type the name of a machine, then');
    await expect(dialog).toBeVisible();
    gui.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(gui.connectDialog).toBeVisible();
    expect(await gui.enabled('File', 'Open Executable')).toBe(false);
    gui.keyboard.press('Escape');
    await gui.expectDormant();
  });
});
