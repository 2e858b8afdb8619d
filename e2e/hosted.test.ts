import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAgents } from './support/agents.ts';
import { expect, Person } from './support/hosted.ts';
import { Hub } from './support/hub.ts';
import { test } from './support/test.ts';

test('a host and clients', async () => {
  test.setTimeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'hawser-e2e-'));
  const hub = await Hub.start();
  const people: Person[] = [];
  try {
    await hub.account('ann@harbour.example', 'Ann Mooring', '-may-host', '-may-join');
    await hub.account('bob@harbour.example', 'Bob Cleat', '-may-join');
    const ann = await Person.open(folder, 'ann');
    people.push(ann);
    await ann.picture('hosted-hub');
    await ann.reach(hub, 'hosted-certificate');
    await ann.picture('hosted-sign-in');
    await ann.place.getByRole('textbox', { name: 'E-mail address' }).fill('ann@harbour.example');
    await ann.place.getByLabel('Password', { exact: true }).fill('a fathom of line');
    await ann.place.getByRole('button', { name: 'Sign In' }).click();
    await ann.expectSignedIn();
    await ann.picture('hosted-empty');
    const view = await ann.host({
      debugger: 'gdb',
      arguments: '-q -nx',
      name: 'Rudder',
      description: 'Why it sticks',
      named: 'hosted-host-warning',
    });
    await expect(view.log).toContainText('(gdb)');
    await view.run('print 6 * 7');
    await expect(view.log).toContainText('$1 = 42');
    await view.picture('hosted-view-host');
    await ann.picture('hosted-list');

    // No mail here: the links are for the host to send.
    const invited = await ann.invite('Rudder', ['bob@harbour.example']);
    await ann.picture('hosted-invited');
    const link = await invited.getByRole('status', { name: 'Link for bob@harbour.example' }).innerText();
    await invited.getByRole('button', { name: 'Close' }).click();

    const bob = await Person.open(folder, 'bob');
    people.push(bob);
    await bob.signIn(hub, 'bob@harbour.example');
    const watched = await bob.takePart(link);
    await expect(watched.log).toContainText('$1 = 42');
    await expect(watched.command).toHaveCount(0);
    await expect(watched.page.getByText('You are a viewer')).toBeVisible();
    await watched.picture('hosted-view-client');

    // Used: refused, in words.
    const again = await bob.pasteLink(link);
    await again.getByRole('button', { name: 'OK' }).click();
    await expect(again.getByRole('alert')).toContainText(/used/);
    await bob.picture('hosted-link-used');
    await again.getByRole('button', { name: 'Cancel' }).click();

    // Closed and reopened by its host; the session went on.
    await view.close();
    await ann.row(/Rudder/).click();
    const reopened = await ann.opens(() => ann.act('Open'));
    await expect(reopened.log).toContainText('$1 = 42');
    await reopened.run('print 6 * 8');
    await expect(watched.log).toContainText('$2 = 48');

    // The hub dies in the midst, and comes back.
    await hub.kill();
    await expect(watched.status).toContainText('Link to the hub lost');
    await watched.picture('hosted-view-link-lost');
    await hub.run();
    await expect(watched.status).toContainText('Connected');
    await expect(reopened.status).toContainText('Connected');
    await reopened.run('print 6 * 9');
    await expect(watched.log).toContainText('$3 = 54');

    await ann.act('Terminate Session…');
    await ann.picture('hosted-terminate');
    await ann.dialog('Terminate Rudder?').getByRole('button', { name: 'Terminate' }).click();
    for (const each of [reopened, watched]) {
      await each.expectEnded();
      await expect(each.page.getByText(/Terminated .* by its host, with Terminate Session/)).toBeVisible();
    }
    expect(await watched.text()).toBe(await reopened.text());
    await expect(ann.row(/Rudder.*Terminated/)).toBeVisible();
    await ann.picture('hosted-terminated');
    await ann.act('Remove from List');
    await expect(ann.row(/Rudder/)).toHaveCount(0);
  } finally {
    for (const person of people) await person.close();
    await endAgents(hub);
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
