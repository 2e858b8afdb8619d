import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailServer } from '../testing/mail-server.ts';
import { TestHub } from '../testing/test-hub.ts';
import { smtpMail } from './smtp.ts';

const REFUSED = 'nobody@example.com';
let server: Awaited<ReturnType<typeof startMailServer>>;
let hub: TestHub;

beforeEach(async () => {
  server = await startMailServer(REFUSED);
});
afterEach(async () => {
  await hub?.close();
  await server.close();
});

const mailBy = (password: string) =>
  smtpMail({
    // STARTTLS even so, since the server offers it; the certificate is for localhost.
    url: `smtp://${server.user}@localhost:${server.port}`,
    password,
    from: 'Hawser hub <hub@example.com>',
    ca: server.ca,
    hub: 'the test hub',
  });

describe('mail', () => {
  it('brings each person and the host a link of their own, encrypted on the way, as text and HTML', async () => {
    hub = await TestHub.start({ mail: mailBy(server.password) });
    const ann = await hub.newcomer('ann@example.com', { mayHost: true, name: 'Ann <Host>' });
    await hub.person('bob@example.com', { name: 'Bob' });
    await hub.person('eve@example.com', { name: 'Eve' });
    expect(ann.facts?.mail).toBe(true);
    const { id } = await hub.session(ann, 'Crash & <burn>');
    const fragments = { client: '1cCLIENTKEY', host: '1hHOSTKEY' };
    const sent = await ann.request('invite/send', {
      session: id,
      emails: ['bob@example.com', 'eve@example.com'],
      fragments,
    });
    expect(sent).toMatchObject({ mailed: true, unmailed: [] });
    expect(server.received.map(({ to }) => to)).toEqual([
      ['bob@example.com'],
      ['eve@example.com'],
      ['ann@example.com'],
    ]);
    expect(server.received.every(({ encrypted }) => encrypted)).toBe(true);
    const links = [...sent.invited, sent.host];
    for (const [index, { mail }] of server.received.entries()) {
      const link = `${links[index]?.link}#${index < 2 ? fragments.client : fragments.host}`;
      expect(mail.from).toMatchObject({ name: 'Hawser hub', address: 'hub@example.com' });
      expect(mail.subject).toContain('Crash & <burn>');
      expect(mail.text).toContain(`\n${link}\n`);
      expect(mail.text).toContain('What it is about');
      expect(mail.text).toContain('build7');
      expect(mail.html).toContain(`<a href="${link}">`);
      expect(mail.html).not.toContain('<burn>');
    }
    expect(server.received[2]?.mail.text).toMatch(/Invited: .*bob@example.com.*eve@example.com/);
    expect(server.received[0]?.mail.text).not.toContain('eve@example.com');
    // The keys went through and are nowhere.
    const kept: string[] = [];
    for await (const line of hub.store.audit.list()) kept.push(JSON.stringify(line));
    for (const name of ['accounts', 'sessions', 'invitations', 'tokens', 'members'] as const)
      for await (const record of hub.store.records(name).list()) kept.push(JSON.stringify(record));
    expect(kept.length).toBeGreaterThan(10);
    for (const secret of [
      fragments.client,
      fragments.host,
      ...links.map(({ link }) => link.split('/').at(-1) ?? ''),
    ])
      expect(kept.filter((text) => text.includes(secret))).toEqual([]);
  });

  it('that is not taken does not undo the invitation: the host is told whose, and has the link', async () => {
    hub = await TestHub.start({ mail: mailBy(server.password) });
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    await hub.person(REFUSED);
    await hub.person('bob@example.com');
    const { id } = await hub.session(ann);
    const sent = await ann.request('invite/send', {
      session: id,
      emails: [REFUSED, 'bob@example.com'],
      fragments: { client: 'c', host: 'h' },
    });
    expect(sent.unmailed).toEqual([{ email: REFUSED, reason: expect.stringContaining('No such mailbox') }]);
    expect(server.received.map(({ to }) => to)).toEqual([['bob@example.com'], ['ann@example.com']]);
    const nobody = await hub.signIn(REFUSED);
    const token = sent.invited[0]?.link.split('/').at(-1) ?? '';
    expect(await nobody.request('invite/accept', { token })).toMatchObject({ id });
  });

  it('is not sent with a wrong password, to a server in its place, or where nobody gave the keys', async () => {
    const letter = {
      to: { email: 'bob@example.com', name: 'Bob' },
      host: { email: 'ann@example.com', name: 'Ann' },
      session: { name: 's', description: '', computer: 'c' },
      link: 'https://hub/i/t#k',
      expires: Date.now(),
      invited: null,
    };
    const wrong = await mailBy('wrong')
      .send(letter)
      .catch((error) => error);
    expect(wrong).toMatchObject({ code: 'MAIL_FAILED' });
    expect(JSON.stringify(wrong.toWire())).not.toContain('https://hub/i/t');
    const untrusting = smtpMail({
      url: `smtp://${server.user}@localhost:${server.port}`,
      password: server.password,
      from: 'hub@example.com',
      hub: 'h',
    });
    await expect(untrusting.send(letter)).rejects.toMatchObject({ code: 'MAIL_FAILED' });
    hub = await TestHub.start({ mail: mailBy(server.password) });
    const ann = await hub.newcomer('ann@example.com', { mayHost: true });
    await hub.person('bob@example.com');
    const { id } = await hub.session(ann);
    const sent = await ann.request('invite/send', { session: id, emails: ['bob@example.com'] });
    expect(sent).toMatchObject({ mailed: false, unmailed: [] });
    expect(server.received).toEqual([]);
  });

  it('takes no password in its address', async () => {
    hub = await TestHub.start();
    const bad = (url: string) => () => smtpMail({ url, password: undefined, from: 'a@b', hub: 'h' });
    for (const url of ['smtp://u:p@h', 'http://h', 'nothing', 'smtp://u@h'])
      expect(bad(url)).toThrow(expect.objectContaining({ code: 'HUB_SETTINGS' }));
  });
});
