import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentsOf, endAgents } from './support/agents.ts';
import { type Served, startServer } from './support/child.ts';
import { ClockHub } from './support/clock-hub.ts';
import { handOver } from './support/hand-over.ts';
import { escaped, expect, Person, type View } from './support/hosted.ts';
import { compiled } from './support/programs.ts';
import { test } from './support/test.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

const ann = 'ann@harbour.example';
const bob = 'bob@harbour.example';
const others = Array.from({ length: 10 }, (_, index) => `hand${index + 1}@harbour.example`);

let folder: string;
let hub: ClockHub;
let host: Person;
let client: Person;

const linkIn = (sent: ReturnType<Person['dialog']>, email: string) =>
  sent.getByRole('status', { name: `Link for ${email}` }).innerText();

/** The process of what a server debugs. */
async function targetOf({ child }: Served): Promise<number> {
  const [, pid = ''] = await child.says(/\(([0-9a-f]+)\.[0-9a-f]+\): Break instruction/);
  return Number.parseInt(pid, 16);
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Invites, where no mail is sent. @returns the link for each */
async function invite(session: string | RegExp, emails: readonly string[]): Promise<readonly string[]> {
  const sent = await host.invite(session, emails);
  const links = await Promise.all(emails.map((email) => linkIn(sent, email)));
  await sent.getByRole('button', { name: 'Close' }).click();
  return links;
}

test.describe.configure({ mode: 'serial', timeout: 600_000 });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-e2e-'));
  hub = await ClockHub.start();
  await hub.account(ann, 'Ann Mooring', true);
  await hub.account(bob, 'Bob Cleat');
  for (const [index, email] of others.entries()) await hub.account(email, `Hand ${index + 1}`);
  [host, client] = await Promise.all([Person.open(folder, 'ann'), Person.open(folder, 'bob')]);
  await host.signIn(hub, ann);
  await client.signIn(hub, bob);
});

test.afterAll(async () => {
  await host?.close();
  await client?.close();
  if (hub) await endAgents(hub);
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Way {
  readonly how: string;
  readonly words: string;
  end(view: View, session: string): Promise<void>;
  /** What is left of the session at the other end of -remote: the server, its program. */
  readonly left: { readonly server: boolean; readonly program: boolean };
}

const typed = (command: string, server: boolean, program: boolean): Way => ({
  how: command,
  words: `by its host, with ${command}.`,
  end: (view) => view.type(command),
  left: { server, program },
});

const ways: readonly Way[] = [
  typed('qq', false, false),
  typed('qqd', false, true),
  typed('.detach', true, true),
  typed('.remote_exit', true, true),
  {
    how: 'CTRL+B',
    words: 'by its host, with CTRL+B.',
    async end(view, session) {
      view.keyboard(session).press('ctrl+b');
      await expect(view.page.getByRole('dialog', { name: `Terminate ${session}?` })).toBeVisible();
      await view.picture('hosted-ctrl-b');
      view.keyboard(session).press('Return');
    },
    left: { server: true, program: true },
  },
  {
    how: 'Terminate Session',
    words: 'by its host, with Terminate Session.',
    async end(_view, session) {
      // Of the native menu: Actions, Terminate Session.
      const dialog = host.dialog(`Terminate ${session}?`);
      await host.chooseByKeys('t', dialog);
      await dialog.getByRole('button', { name: 'Terminate' }).click();
    },
    left: { server: true, program: true },
  },
];

for (const { how, words, end, left } of ways)
  test(`a session ends by ${how}`, async () => {
    const session = `Ended by ${how}`;
    const server = await startServer([compiled('wheel')]);
    const program = await targetOf(server);
    try {
      const view = await host.host({
        debugger: 'cdb',
        arguments: `-remote ${server.connection}`,
        name: session,
      });
      await expect(view.log).toContainText(/\d+:\d+> /);
      await end(view, session);
      await expect(view.status).toContainText('Terminated');
      await expect(view.page.getByText(words)).toBeVisible();
      await expect(view.command).toHaveCount(0);
      await view.close();
      await host.row(session).click();
      await expect(host.row(session)).toHaveAccessibleName(/Terminated \d/);
      await expect(host.row(session)).toHaveAccessibleName(new RegExp(`by ${escaped(how)}$`));
      await expect(host.details).toContainText(words);
      if (!left.server) expect(await server.child.exited()).toBe(0);
      expect([!server.child.ended, alive(program)]).toEqual([left.server, left.program]);
      if (left.server) {
        server.child.type('? 21 * 2');
        await server.child.says(/Evaluate expression: 66 /);
      }
    } finally {
      await server.child.end();
      if (alive(program)) process.kill(program, 'SIGKILL');
    }
  });

test('a client is told how a session ended, and takes it out of the list', async () => {
  const session = 'Tiller';
  const view = await host.host({ debugger: 'gdb', arguments: '-q -nx', name: session });
  const [link = ''] = await invite(session, [bob]);
  const watched = await client.takePart(link);
  await expect(watched.log).toContainText('(gdb)');
  await client.act('Close');
  // Open: it cannot be taken out yet.
  await client.place.getByRole('button', { name: 'Actions' }).click();
  await expect(client.place.getByRole('menuitem', { name: 'Remove from List' })).toBeDisabled();
  await client.picture('hosted-actions-menu');
  await client.place.keyboard.press('Escape');
  await view.type('quit');
  await expect(client.row(session)).toHaveAccessibleName(/Terminated \d.*debugger ended \(exit status 0\)/);
  await expect(client.details).toContainText('when its debugger ended (exit status 0)');
  await client.act('Remove from List');
  await expect(client.row(session)).toHaveCount(0);
  await view.close();
  await host.row(session).click();
  await host.act('Remove from List');
  await expect(host.row(session)).toHaveCount(0);
});

test('ten people, their links, their removal, and seven days', async () => {
  const session = 'Keel';
  const view = await host.host({ debugger: 'gdb', arguments: '-q -nx', name: session });
  await expect(view.log).toContainText('(gdb)');
  await view.run('print 6 * 7');
  await expect(view.log).toContainText('$1 = 42');

  const [eleventh = '', ...nine] = others;
  const [bobsLink = ''] = await invite(session, [bob, ...nine]);
  await expect(host.details).toContainText('All ten are invited.');
  await host.act('Invite Client…');
  await host.find(eleventh);
  await host.inviteDialog.getByRole('button', { name: 'OK' }).click();
  await expect(host.inviteDialog).toContainText(
    'Ten people can be invited to a session, over its whole life',
  );
  await host.picture('hosted-invite-eleventh');
  await host.inviteDialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(host.details).not.toContainText(eleventh);

  // Once.
  const bobs = await client.takePart(bobsLink);
  await expect(bobs.log).toContainText('$1 = 42');
  const again = await client.refused(bobsLink, /used already.*the session is in your list.*ask the host/s);
  await again.getByRole('button', { name: 'Cancel' }).click();

  // Removed, at once.
  await host.details.getByRole('button', { name: 'Remove Bob Cleat' }).click();
  await expect(bobs.page.getByRole('alert')).toContainText('taken your invitation back');
  await bobs.picture('hosted-view-removed');
  await expect(client.row(/Keel/)).toHaveCount(0);
  await view.run('print 6 * 8');
  await expect(view.log).toContainText('$2 = 48');
  expect(await bobs.text()).not.toContain('$2 = 48');
  await bobs.close();

  // Not used in time.
  const [late = ''] = await invite(session, [bob]);
  await hub.pass(7 * DAY + HOUR);
  const expired = await client.refused(late, /has expired.*Ask the host for a new one/s);
  await client.picture('hosted-link-expired');
  await expired.getByRole('button', { name: 'Cancel' }).click();
  const [inTime = ''] = await invite(session, [bob]);
  const watched = await client.takePart(inTime);
  await expect(watched.log).toContainText('$2 = 48');

  // Of the debugger's own accord; the host's program runs in secure mode meanwhile.
  await host.close();
  const target = { kind: 'launch', program: compiled('wheel'), args: [] };
  host = await Person.open(folder, 'ann', handOver({ target }));
  await host.gui.expectStopped();
  await host.gui.run('.kill');
  await expect(host.gui.prompt).toHaveText('NoTarget>');
  await host.row(session).click();
  const secured = await host.opens(() => host.act('Open'));
  // It begins under the open window.
  await expect(secured.command).toBeVisible();
  await host.gui.run('.secure 1');
  await expect(secured.page.getByText('Secure mode is on')).toBeVisible();
  await expect(secured.command).toHaveCount(0);
  await secured.picture('hosted-view-secure');
  await expect(host.place.getByRole('button', { name: 'Host Session…' })).toBeDisabled();
  const [agent] = await agentsOf(hub);
  expect(agent).toMatchObject({ name: session, state: 'running' });
  process.kill(agent?.debugger ?? Number.NaN, 'SIGKILL');
  for (const each of [secured, watched]) {
    await each.expectEnded();
    await expect(each.page.getByText(/when its debugger ended \(SIGKILL\)/)).toBeVisible();
  }
  expect(await watched.text()).toBe(await secured.text());
  await expect(client.row(/Keel/)).toHaveAccessibleName(/Terminated/);
  await client.row(/Keel/).click();
  await expect(client.details).toContainText('You can read it until');
  await client.picture('hosted-take-part-terminated');

  // Seven days.
  await watched.close();
  await hub.pass(7 * DAY - HOUR);
  const read = await client.opens(() => client.act('Open'));
  await expect(read.log).toContainText('$2 = 48');
  await hub.pass(2 * HOUR);
  await expect(client.row(/Keel/)).toHaveCount(0);
  await expect(read.page.getByRole('alert')).toContainText('seven days have passed since its end');
  await read.picture('hosted-view-gone');
  await expect(host.row(/Keel/)).toHaveAccessibleName(/Terminated/);
});
