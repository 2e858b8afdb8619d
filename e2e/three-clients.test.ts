import { expect, test } from './support/test.ts';

test('three clients, two consoles and the GUI, share one session', async ({ gui, serve, tool, wheel }) => {
  const { connection } = await serve([wheel], { password: 'fathom' });
  const first = tool(['cdb', '-remote', connection], { HAWSER_PASSWORD: 'fathom' });
  first.type('.echo before the others came');
  await first.says('before the others came');
  await gui.connect(connection, 'fathom');
  const second = tool(['cdb', '-remote', connection], { HAWSER_PASSWORD: 'fathom' });

  // Late joiners get the history, and who gave each command.
  await expect(gui.log).toContainText(/\[.+\\.+ \(tcp 127\.0\.0\.1:\d+\)\] \.echo before the others came/);
  await second.says(/\[.+\\.+ \(tcp 127\.0\.0\.1:\d+\)\] \.echo before the others came/);
  await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText(/3 other/);

  await gui.run('.echo from the gui');
  second.type('.echo from the second');
  for (const console of [first, second]) {
    await console.says(/\] \.echo from the gui/);
    await console.says('from the second');
  }
  await expect(gui.log).toContainText(/\] \.echo from the second/);

  // One runs the target, another breaks in, all see it stop.
  first.type('g');
  await gui.expectBusy();
  gui.keyboard.press('ctrl+Break');
  await gui.expectStopped();
  await first.says(/Break instruction|SIGINT|first chance|Break-in/);
  await second.says(/Break instruction|SIGINT|first chance|Break-in/);
  await gui.picture('three-clients');

  second.leave();
  await expect(gui.log).toContainText('disconnected');
  await expect(gui.page.getByRole('region', { name: 'Status' })).toContainText(/2 other/);
  await gui.run('qq');
  await gui.expectDormant();
  await first.says('The session was ended');
});
