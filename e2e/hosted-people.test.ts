import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, CLIENT, startProvider } from '../hub/server/testing/identity-provider.ts';
import { testCertificate } from '../hub/server/testing/test-hub.ts';
import { agentsOf, endAgents } from './support/agents.ts';
import { Child, startServer } from './support/child.ts';
import { expect, Person, type View } from './support/hosted.ts';
import { Hub } from './support/hub.ts';
import { PostOffice } from './support/mail.ts';
import { compiled } from './support/programs.ts';
import { test } from './support/test.ts';

const ann = 'ann@harbour.example';
const bob = 'bob@harbour.example';
const carol = 'carol@harbour.example';
const dave = 'dave@harbour.example';
/** May not join. */
const eve = 'eve@harbour.example';
/** May, but has no mailbox. */
const frank = 'frank@harbour.example';

/** A hub with a mail server and an OpenID Connect provider, both real. */
class Harbour {
  readonly folder = mkdtempSync(join(tmpdir(), 'hawser-e2e-'));
  readonly people: Person[] = [];
  readonly #ends: (() => Promise<unknown>)[] = [];
  hub!: Hub;
  post!: PostOffice;

  static async open(): Promise<Harbour> {
    const harbour = new Harbour();
    harbour.post = await PostOffice.open(harbour.folder, frank);
    harbour.#ends.push(() => harbour.post.close());
    const provider = await startProvider({ dave: { email: dave, verified: true } }, await testCertificate());
    harbour.#ends.unshift(() => provider.close());
    const { options, env } = harbour.post;
    harbour.hub = await Hub.start(
      async (port) => {
        provider.serve(`https://localhost:${port}`);
        return [...options, '-oidc', provider.issuer, '-oidc-client', CLIENT.id];
      },
      { ...env, HAWSER_OIDC_SECRET: CLIENT.secret },
    );
    harbour.#ends.unshift(() => harbour.hub.close());
    const { hub } = harbour;
    await Promise.all([
      hub.account(ann, 'Ann Mooring', '-may-host', '-may-join'),
      hub.account(bob, 'Bob Cleat', '-may-join'),
      hub.account(carol, 'Carol Fender', '-may-join'),
      hub.account(frank, 'Frank Bollard', '-may-join'),
      hub.account(eve, 'Eve Hawse'),
      hub.administer('account', 'add', dave, '-name', 'Dave Bight', '-may-join', '-nopassword'),
    ]);
    return harbour;
  }

  /** A person at a computer: the same one again where the name is the same. */
  async person(computer: string): Promise<Person> {
    const person = await Person.open(this.folder, computer);
    this.people.push(person);
    return person;
  }

  async leave(person: Person): Promise<void> {
    this.people.splice(this.people.indexOf(person), 1);
    await person.close();
  }

  async close(): Promise<void> {
    for (const person of this.people) await person.close();
    await endAgents(this.hub);
    for (const end of this.#ends) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Signs in as a person does at the page that the program opens. */
async function signInByProvider(person: Person, login: string): Promise<void> {
  await person.gui.app.evaluate(({ shell }) => {
    shell.openExternal = async (url) => void Object.assign(globalThis, { shown: url });
  });
  await person.place.getByRole('button', { name: /organisation’s account/ }).click();
  const shown = () => person.gui.app.evaluate(() => (globalThis as { shown?: string }).shown ?? '');
  await expect.poll(shown).toMatch(/^https:/);
  const browser = new Browser();
  expect(await browser.signIn(await shown(), login)).toContain('go back to Hawser');
  await person.expectSignedIn();
}

/** Invite Client, by keys of the native menu: who may join, who may not, who cannot be reached. */
async function invite(host: Person, post: PostOffice): Promise<void> {
  await host.chooseByKeys('i', host.inviteDialog);
  await host.lookFor('nobody@harbour.example');
  await expect(host.inviteDialog.getByRole('alert')).toContainText('there is no account with this address');
  await host.lookFor(eve);
  const refusal = host.inviteDialog.getByRole('alert');
  await expect(refusal).toContainText(`${eve} cannot be invited: the account may not join sessions`);
  await expect(refusal).toContainText('Ask at help@harbour.example.');
  await host.picture('hosted-invite-refused');
  for (const email of [bob, carol, dave, frank]) await host.find(email);
  await expect(host.inviteDialog).toContainText('Bob Cleat');
  await host.picture('hosted-invite-found');
  const sent = await host.sendInvitations();
  // No mailbox: the host is told whose, why, and has the link to hand over.
  await expect(sent).toContainText('One message was not taken by the mail server');
  await expect(sent).toContainText('No such mailbox');
  await expect(sent.getByRole('status', { name: `Link for ${frank}` })).toContainText('/i/');
  await expect(sent.getByRole('listitem')).toHaveText([bob, carol, dave, new RegExp(ann)]);
  await host.picture('hosted-invite-sent');
  await sent.getByRole('button', { name: 'Close' }).click();
  expect(post.addressees).toEqual([bob, carol, dave, ann]);
  expect(post.letterFor(bob)).toContain('Why it sticks');
  expect(post.letterFor(bob)).not.toContain(carol);
  expect(post.letterFor(ann)).toContain(carol);
}

/** By what of the page is asked, not only by what it offers. */
async function expectViewer(view: View): Promise<void> {
  await expect(view.command).toHaveCount(0);
  await expect(view.page.getByText('You are a viewer')).toBeVisible();
  const outcome = await view.page.evaluate(() => {
    const { hawser } = window as unknown as {
      hawser: { invoke(name: string, args: object): Promise<unknown> };
    };
    return hawser.invoke('view/run', { command: '.echo I am not the host' });
  });
  expect(outcome).toMatchObject({ ok: false, error: { code: 'NOT_POSSIBLE' } });
}

/** Scrolls to the first line and searches from there. */
async function readFromTheStart(view: View): Promise<void> {
  await view.log.locator('.cm-content').focus();
  await view.page.keyboard.press('Control+Home');
  await expect.poll(() => view.shown()).toMatch(/^Hosted session started: cdb -remote /);
  await view.picture('hosted-view-first-line');
  await view.page.getByRole('button', { name: 'Find', exact: true }).click();
  await view.page.getByLabel('Find', { exact: true }).fill('the first thing said');
  await view.page.keyboard.press('Enter');
  await expect(view.page.getByRole('search').getByRole('status')).toContainText(/of 2/);
  await view.page.keyboard.press('Escape');
}

test('a host and three clients, invited by mail', async () => {
  // hosted.test.ts and hosted-ends.test.ts have what it is made of: hosts, clients, mail, links, late joins, each way to end.
  test.skip(process.env.HAWSER_FULL === undefined, 'five programs for a minute: npm run test:full');
  test.setTimeout(600_000);
  const harbour = await Harbour.open();
  const { hub, post } = harbour;
  const server = await startServer([compiled('wheel')]);
  try {
    const host = await harbour.person('ann');
    await host.signIn(hub, ann);
    const view = await host.host({
      debugger: 'cdb',
      arguments: `-remote ${server.connection}`,
      name: 'Rudder',
      description: 'Why it sticks',
      named: 'hosted-host',
    });
    await expect(view.log).toContainText(/\d+:\d+> /);
    await view.run('.echo the first thing said');
    await invite(host, post);

    const [first, second] = await Promise.all([harbour.person('bob'), harbour.person('dave')]);
    await first.signIn(hub, bob);
    await second.reach(hub);
    await second.picture('hosted-sign-in-provider');
    await signInByProvider(second, 'dave');
    const bobs = await first.takePart(post.linkFor(bob));
    const daves = await second.takePart(post.linkFor(dave));
    for (const each of [bobs, daves]) {
      await expect(each.log).toContainText('the first thing said');
      await expectViewer(each);
    }
    // Two thousand lines.
    await view.run('db @rsp L8000');
    await view.run('.echo as much as that');
    for (const each of [view, bobs, daves])
      await expect.poll(() => each.shown()).toMatch(/^as much as that$/m);

    // The host's program goes. The debugger does not.
    await harbour.leave(host);
    const agents = await agentsOf(hub);
    expect(agents).toMatchObject([{ name: 'Rudder', state: 'running', link: 'up' }]);
    const listed = new Child(['hub', 'agents']);
    await listed.exited();
    expect(listed.output).toContain(agents[0]?.session);

    // Somebody joins late, when the host is not there.
    const third = await harbour.person('carol');
    await third.signIn(hub, carol);
    const carols = await third.takePart(post.linkFor(carol));
    await expect.poll(() => carols.shown()).toMatch(/^as much as that$/m);
    await readFromTheStart(carols);
    await expect(carols.status).toContainText('Connected');
    await third.picture('hosted-take-part');

    // The host is at another computer now: the session is in the list, its key in the mail.
    const elsewhere = await harbour.person('ann-elsewhere');
    await elsewhere.signIn(hub, ann);
    await elsewhere.row('Rudder').click();
    await elsewhere.act('Open');
    const unlock = elsewhere.dialog('Open Rudder');
    await expect(unlock).toContainText('This computer has no key for the session’s text yet.');
    await elsewhere.picture('hosted-unlock');
    // A client's link, used as it is, opens the text; commands want the host's own.
    await unlock.getByLabel('Invitation link').fill(post.linkFor(bob));
    const reading = await elsewhere.opens(() => unlock.getByRole('button', { name: 'OK' }).click());
    await expect(reading.page.getByText('This computer holds a viewer’s key of your session.')).toBeVisible();
    await expect(reading.command).toHaveCount(0);
    const reopened = await elsewhere.takePart(post.linkFor(ann));
    await expect.poll(() => reopened.shown()).toMatch(/^as much as that$/m);
    await reopened.run('.echo from another computer');
    // Who reads further up is not torn away.
    await carols.page.getByRole('button', { name: 'New output below' }).click();
    for (const each of [reopened, bobs, carols, daves])
      await expect.poll(() => each.shown()).toMatch(/^from another computer$/m);

    // And back at the first one: still signed in.
    const again = await harbour.person('ann');
    await again.expectSignedIn();
    await again.row('Rudder').click();
    const back = await again.opens(() => again.act('Open'));
    await expect.poll(() => back.shown()).toMatch(/^from another computer$/m);
    await back.run('? 6 * 7');
    const everybody = [back, reopened, bobs, carols, daves];
    for (const each of everybody) await expect.poll(() => each.shown()).toMatch(/00000000`0000002a$/m);
    await reopened.picture('hosted-view-people');
    await again.act('Terminate Session…');
    await again.dialog('Terminate Rudder?').getByRole('button', { name: 'Terminate' }).click();
    for (const each of everybody) await each.expectEnded();
    const [text = '', ...others] = await Promise.all(everybody.map((each) => each.text()));
    expect(text.split('\n').length).toBeGreaterThan(2000);
    expect(text).toMatch(/^Hosted session started: [\s\S]*Session terminated: by the host\. [^\n]*\s*$/);
    for (const other of others) expect(other).toBe(text);
    // What is at the other end of -remote is left alone.
    expect(server.child.ended).toBe(false);

    // Signed out, and so it stays.
    await again.place.getByRole('button', { name: 'Sign Out' }).click();
    await expect(again.place.getByRole('heading', { name: 'Sign in to a hub' })).toBeVisible();
    await harbour.leave(again);
    const later = await harbour.person('ann');
    await expect(later.place.getByRole('textbox', { name: 'Hub' })).toHaveValue(new RegExp(hub.address));
  } finally {
    await harbour.close();
    await server.child.end();
  }
});
