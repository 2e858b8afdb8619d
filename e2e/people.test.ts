import { axeFindings } from './support/axe.ts';
import { expect as plain, test } from './support/test.ts';

/** Consoles and windows start meanwhile: a busy machine takes its time. */
const expect = plain.configure({ timeout: 30_000 });
test.slow();

test('the strip: who is here, who typed last, messages, roles, the link', async ({
  gui,
  serve,
  tool,
  wheel,
}) => {
  const { connection, child } = await serve([wheel]);
  await gui.connect(connection);
  await gui.expectStopped();
  const people = gui.page.getByRole('region', { name: 'People in this session' });
  const person = (name: RegExp) => people.getByRole('listitem').filter({ hasText: name });
  await expect(people.getByText(/^Round trip \d.* ms, no retries$/)).toBeVisible();
  await expect(person(/Owner/)).toHaveCount(1);
  await expect(person(/^You/)).toContainText('Controller');

  const other = tool(['cdb', '-remote', connection]);
  await expect(people.getByRole('status')).toContainText('joined');
  await expect(people.getByRole('listitem')).toHaveCount(3);
  other.type('.echo shall we look at turn?; ? 1');
  await expect(people.getByRole('status')).toContainText(/says: shall we look at turn\?$/);
  await expect(people.getByText('typed last')).toHaveCount(1);
  await expect(person(/^You/)).not.toContainText('typed last');
  await expect(gui.log.locator('.line-message')).toHaveText(/\S+\\\S+ says: shall we look at turn\?$/);
  await expect(gui.log).toContainText('Evaluate expression: 1 = 00000000`00000001');

  await people.getByRole('textbox', { name: 'Message to everybody' }).fill('yes; "turn" it is');
  await people.getByRole('textbox', { name: 'Message to everybody' }).press('Enter');
  await other.says('yes; "turn" it is');
  await expect(person(/^You/)).toContainText('typed last');
  await gui.picture('people-strip');

  // The owner's own console is client 1, this window 2.
  child.type('.clientrole 2 viewer');
  await expect(people.getByText(/^You are a viewer: /)).toBeVisible();
  await expect(person(/^You/)).toContainText('Viewer');
  await expect(people.getByRole('textbox')).toHaveCount(0);
  await expect(gui.page.getByRole('button', { name: 'Step Over' })).toBeDisabled();
  await expect(gui.command).toHaveAttribute('readonly');
  await gui.picture('people-viewer');
  expect(await axeFindings(gui.page)).toEqual([]);

  other.leave();
  await expect(people.getByRole('status')).toContainText('left');
  await expect(people.getByRole('listitem')).toHaveCount(2);
});
