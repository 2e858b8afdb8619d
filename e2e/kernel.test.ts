import { once } from 'node:events';
import { createServer } from 'node:net';
import { testKernel } from '../engine/kernel/testing/kernel.ts';
import { startMachine } from '../engine/kernel/testing/qemu.ts';
import { endVms, startVm, type Vm } from '../engine/kernel/wire/testing/vm.ts';
import type { Gui } from './support/gui.ts';
import { handOver } from './support/hand-over.ts';
import { ports } from './support/ports.ts';
import { expect, test } from './support/test.ts';

const ends: (() => Promise<unknown>)[] = [];
test.afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await endVms();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A virtual machine that runs its firmware, and the port of its stub. */
async function machine(): Promise<{ readonly vm: Vm; readonly port: number }> {
  const port = await freePort();
  return { vm: await startVm(`tcp:127.0.0.1:${port}`), port };
}

const status = (gui: Gui) => gui.page.getByRole('region', { name: 'Status' });
const kernelDialog = (gui: Gui) => gui.dialog('Kernel Debugging');
/** With the number of the processor where there are several. */
const stopped = (gui: Gui) => expect(gui.prompt).toHaveText(/^(?:\d+: )?kd>$/);
const state = (vm: Vm, is: string) => expect.poll(() => vm.status(), { timeout: 30_000 }).toBe(is);

async function stop(gui: Gui): Promise<void> {
  await gui.choose('Debug', 'Stop Debugging');
  const ask = gui.dialog('Stop Debugging').getByRole('button', { name: /running/ });
  await ask.click();
  await gui.expectDormant();
}

test.describe('Kernel Debug', () => {
  test('the dialog: tabs by the keyboard, live check under the field', async ({ gui }) => {
    await gui.choose('File', 'Kernel Debug');
    const dialog = kernelDialog(gui);
    const tab = (name: string) => dialog.getByRole('tab', { name, exact: true });
    await expect(dialog.getByRole('textbox', { name: 'Machine' })).toBeFocused();
    await gui.picture('kernel-dialog-stub');
    await dialog.getByRole('textbox', { name: 'Port' }).fill('99999');
    await dialog.getByRole('textbox', { name: 'Machine' }).fill('birch');
    await expect(dialog.getByRole('textbox', { name: 'Port' })).toHaveAttribute('aria-invalid', 'true');
    await expect(dialog).toContainText('Ports go from 1 to 65535');
    await gui.picture('kernel-dialog-problem');
    await tab('GDB Stub').focus();
    await gui.page.keyboard.press('ArrowRight');
    await expect(tab('COM')).toBeFocused();
    await expect(tab('COM')).toHaveAttribute('aria-selected', 'true');
    await expect(dialog.getByRole('textbox', { name: 'Baud Rate' })).toHaveValue('115200');
    await gui.picture('kernel-dialog-com');
    await gui.page.keyboard.press('ArrowRight');
    await gui.picture('kernel-dialog-pipe');
    await gui.page.keyboard.press('End');
    await expect(tab('Connection String')).toBeFocused();
    await dialog.getByRole('textbox', { name: 'Connection string' }).fill('net:port=50000,key=1.2.3.4');
    await expect(dialog).toContainText('nearest form is gdb:server=HOST,port=PORT');
    await gui.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  test('a kernel behind a stub: run, break in, stop; listed under Recent', async ({ gui }) => {
    const { vm, port } = await machine();
    await gui.choose('File', 'Kernel Debug');
    const dialog = kernelDialog(gui);
    await dialog.getByRole('textbox', { name: 'Port' }).fill(`${await freePort()}`);
    await dialog.getByRole('textbox', { name: 'Machine' }).fill('localhost');
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog.getByRole('alert')).toContainText('refused the connection');
    await gui.picture('kernel-dialog-error');
    await dialog.getByRole('textbox', { name: 'Port' }).fill(`${port}`);
    await dialog.getByRole('button', { name: 'OK' }).click();
    await stopped(gui);
    await expect(status(gui)).toContainText(`Kernel: gdb:Port=${port},Server=localhost`);
    await expect.poll(() => gui.title()).toContain(`Kernel by gdb:Port=${port},Server=localhost`);
    await expect(status(gui)).toContainText('Processor 0');
    expect(await gui.enabled('Debug', 'Restart')).toBe(false);
    await gui.picture('kernel-session');
    await gui.run('g');
    await gui.expectBusy();
    await state(vm, 'running');
    await gui.choose('Debug', 'Break');
    await stopped(gui);
    await state(vm, 'paused');
    await stop(gui);
    await state(vm, 'running');
    await gui.page.getByRole('button', { name: new RegExp(`gdb:Port=${port}`) }).click();
    await expect(dialog.getByRole('textbox', { name: 'Connection string' })).toHaveValue(
      `gdb:Port=${port},Server=localhost`,
    );
  });

  test('Remote Stub finds a KD connection server, asks for the wire, and offers those there are', async ({
    gui,
    tool,
  }) => {
    const { vm, port } = await machine();
    const server = tool(['kdsrv', '-t', `tcp:port=${ports},bind=127.0.0.1`], { HAWSER_PASSWORD: 'fathom' });
    const [, found] = await server.says(/tcp:Port=(\d+)/);
    await gui.choose('File', 'Connect to Remote Stub');
    await gui.fillConnect(`tcp:server=localhost,port=${found}`, 'fathom', gui.stubDialog);
    const dialog = kernelDialog(gui);
    await expect(dialog.getByRole('tab', { name: 'KD Server' })).toHaveAttribute('aria-selected', 'true');
    const offer = dialog.getByRole('button', { name: new RegExp(`gdb:server=localhost,port=${port}`) });
    await expect(offer).toContainText('qemu-system-x86_64');
    await gui.picture('kernel-dialog-kdsrv');
    await offer.click();
    await dialog.getByRole('button', { name: 'OK' }).click();
    await stopped(gui);
    await expect(status(gui)).toContainText('KdSrv:Server=@{');
    await gui.picture('kernel-session-kdsrv');
    await gui.run('g');
    await state(vm, 'running');
    await gui.choose('Debug', 'Break');
    await stopped(gui);
    // The server is killed: that is told, and nothing hangs.
    await server.kill();
    await expect(gui.page.getByRole('alert')).toContainText(/link|Link/, { timeout: 60_000 });
    await gui.picture('kernel-link-lost');
    await gui.page.getByRole('button', { name: 'Give up' }).click();
    await gui.expectDormant();
  });

  test('three machines: target, host with kd -server, and a window that joins', async ({ gui, tool }) => {
    const { vm, port } = await machine();
    const host = tool([
      'kd',
      '-server',
      `tcp:port=${ports},bind=127.0.0.1`,
      '-k',
      `gdb:server=localhost,port=${port}`,
    ]);
    const [, found] = await host.says(/-remote tcp:Port=(\d+)/);
    await host.says(/Break instruction|kd>/);
    await gui.connect(`tcp:Port=${found},Server=localhost`);
    await stopped(gui);
    await gui.run('r rip');
    await expect.poll(() => gui.shown()).toMatch(/rip=[0-9a-f]{16}/);
    await gui.run('g');
    await state(vm, 'running');
    await gui.choose('Debug', 'Break');
    await stopped(gui);
    await gui.picture('kernel-three-machines');
    // The target's machine is killed: the host says so, and the person hears of it.
    await vm.kill();
    await host.says(/closed the connection|reset the connection/);
    await expect.poll(() => gui.shown()).toMatch(/closed the connection|reset the connection/);
    await host.kill();
    await expect(gui.page.getByRole('alert')).toContainText(/lost/i, { timeout: 60_000 });
  });

  test('three machines: a window that holds the wire, a console that joins; the kernel is met again', async ({
    gui,
    tool,
  }) => {
    const target = await startMachine();
    ends.push(() => target.end());
    await gui.choose('File', 'Kernel Debug');
    const dialog = kernelDialog(gui);
    await dialog.getByRole('textbox', { name: 'Port' }).fill(`${target.port}`);
    await dialog.getByRole('textbox', { name: 'Kernel image' }).fill(testKernel().image);
    await dialog.getByRole('button', { name: 'OK' }).click();
    await stopped(gui);
    await gui.run('bp count_tick');
    await gui.choose('Debug', 'Go');
    await expect.poll(() => gui.shown()).toContain('Breakpoint 0 hit');
    await gui.run('~1');
    await expect(gui.prompt).toHaveText('1: kd>');
    await expect(status(gui)).toContainText('Processor 1');
    await gui.run('k');
    await expect.poll(() => gui.shown()).toMatch(/1: kd> k\n[\s\S]*kernel!second_main/);
    await gui.picture('kernel-two-processors');
    // The person elsewhere, and killed.
    await gui.run(`.server tcp:port=${ports},bind=127.0.0.1`);
    await expect.poll(() => gui.shown()).toMatch(/-remote tcp:Port=\d+/);
    const [, port] = /-remote tcp:Port=(\d+)/.exec(await gui.shown()) ?? [];
    const person = tool(['kd', '-remote', `tcp:Port=${port},Server=localhost`]);
    await person.says('Breakpoint 0 hit');
    person.type('r cr3');
    await person.says('cr3=0000000000103000');
    await expect.poll(() => gui.shown()).toMatch(/\] 1: kd> r cr3|r cr3\ncr3=0000000000103000/);
    await person.kill();
    // The target, as it runs, and started anew.
    await gui.run('bc *');
    await gui.choose('Debug', 'Go');
    await expect.poll(() => gui.shown()).toMatch(/bc \*\n1: kd> g/);
    await target.end();
    await expect
      .poll(() => gui.shown())
      .toMatch(/has (?:closed|reset) the connection[\s\S]*Waiting to reconnect/);
    await expect(gui.page.getByRole('alert')).toContainText('The wire to the kernel was lost');
    expect(await gui.enabled('Debug', 'Restart')).toBe(false);
    await gui.picture('kernel-waiting');
    const again = startMachine({ stub: { kind: 'tcp', port: target.port } });
    ends.push(async () => (await again).end());
    await stopped(gui);
    await gui.run('bp count_tick');
    await gui.choose('Debug', 'Go');
    await expect.poll(() => gui.shown()).toMatch(/Waiting to reconnect[\s\S]*Breakpoint 0 hit/);
    await gui.run('bc *');
    await gui.choose('Debug', 'Go');
    await (await again).says('ready');
    await stop(gui);
  });

  test('-k of the command line, in secure mode', async ({ openGui }) => {
    const { port } = await machine();
    const wire = `gdb:server=localhost,port=${port}`;
    const gui = await openGui(handOver({ kernel: wire, secure: true }));
    await stopped(gui);
    await gui.run('.gdb shell true');
    await expect.poll(() => gui.shown()).toContain('.gdb is refused in secure mode');
    for (const entry of ['Open Executable', 'Attach to a Process', 'Open Crash Dump'])
      expect(await gui.enabled('File', entry)).toBe(false);
    expect(await gui.enabled('Debug', 'Stop Debugging')).toBe(false);
    await gui.run('q');
    await gui.expectDormant();
    // As long as the program runs.
    expect(await gui.enabled('File', 'Open Executable')).toBe(false);
  });
});
