import { expect, test } from './support/test.ts';

const processes = Array.from({ length: 2000 }, (_, i) => ({
  pid: 1000 + i,
  name: `worker-${i % 40}`,
  user: i % 7 === 0 ? 'root' : 'ann',
  commandLine: `/usr/lib/workers/worker-${i % 40} --shard ${i} --log /var/log/workers/shard-${i}.log`,
  architecture: 'x86_64',
  started: Date.now() - i * 60_000,
  obstacle: i % 7 === 0 ? 'It belongs to root' : null,
}));

test.describe('a list of two thousand processes', () => {
  test('draws what is in sight, and goes by keyboard from end to end', async ({ gui }) => {
    await gui.answer('process/list', { processes, taken: Date.now() });
    await gui.choose('File', 'Attach to a Process');
    const dialog = gui.dialog('Attach to Process');
    const grid = dialog.getByRole('grid', { name: 'Processes' });
    const pid = dialog.getByLabel('Process ID');
    await expect(grid).toHaveAttribute('aria-rowcount', '2001');
    await expect(dialog).toContainText('2000 processes on');
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
    await grid.focus();
    await grid.press('End');
    await expect(pid).toHaveValue('2999');
    const last = grid.getByRole('row', { selected: true });
    await expect(last).toBeInViewport();
    await expect(last).toHaveAttribute('aria-rowindex', '2001');
    await expect(grid).toHaveAttribute('aria-activedescendant', (await last.getAttribute('id')) ?? '');
    await grid.press('PageUp');
    await expect(pid).not.toHaveValue('2999');
    await expect(grid.getByRole('row', { selected: true })).toBeInViewport();
    await grid.press('Home');
    await expect(pid).toHaveValue('1000');
    await expect(dialog).toContainText('Cannot attach. It belongs to root.');
    await expect(dialog.getByRole('button', { name: 'OK' })).toBeDisabled();
    await gui.picture('process-list-2000');
    await dialog.getByLabel('Filter').fill('ann shard-701.log');
    await expect(pid).toHaveValue('1701');
    await dialog.getByLabel('Filter').fill('no such thing');
    await expect(grid).toContainText('No process fits the filter.');
    await expect(pid).toHaveValue('');
  });

  test('a machine that takes its time: progress, and Cancel leaves the dialog', async ({ gui }) => {
    await gui.answer('process/list', 'never');
    await gui.choose('File', 'Attach to a Process');
    const dialog = gui.dialog('Attach to Process');
    await expect(dialog.getByRole('status').filter({ hasText: /^Asking/ })).toBeVisible();
    await gui.picture('process-list-waiting');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toContainText('Press Refresh to see the processes.');
    await gui.answer('process/list', { processes, taken: Date.now() });
    gui.keyboard.press('F5');
    await expect(dialog).toContainText('2000 processes on');
    gui.keyboard.press('Escape');
    await gui.expectDormant();
  });
});
