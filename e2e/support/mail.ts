import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Received, startMailServer } from '../../hub/server/testing/mail-server.ts';
import { expect } from './hosted.ts';

/** A mail server for a hub in a process of its own, and the letters that came. */
export class PostOffice {
  readonly close: () => Promise<void>;
  /** For `hawser hub`. */
  readonly options: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly #received: readonly Received[];

  private constructor(server: Awaited<ReturnType<typeof startMailServer>>, authority: string) {
    this.close = server.close;
    this.#received = server.received;
    this.options = [
      '-smtp',
      `smtp://${server.user}@localhost:${server.port}`,
      '-from',
      'hub@harbour.example',
    ];
    this.env = { HAWSER_SMTP_PASSWORD: server.password, NODE_EXTRA_CA_CERTS: authority };
  }

  /** @param refuse an address that it does not take */
  static async open(folder: string, refuse = ''): Promise<PostOffice> {
    const server = await startMailServer(refuse);
    const authority = join(folder, 'mail-authority.pem');
    writeFileSync(authority, server.ca);
    return new PostOffice(server, authority);
  }

  /** Whom letters came for, in their order. */
  get addressees(): readonly string[] {
    return this.#received.flatMap(({ to }) => to);
  }

  /** The link in the last letter to somebody, which stands in its plain text and in its HTML. */
  linkFor(email: string): string {
    const letter = this.#received.findLast(({ to }) => to.includes(email));
    const [link = ''] = /https:\/\/\S+\/i\/\S+/.exec(letter?.mail.text ?? '') ?? [];
    expect(link, `a link for ${email}`).not.toBe('');
    expect(letter?.mail.html).toContain(`href="${link}"`);
    expect(letter?.encrypted).toBe(true);
    return link;
  }

  /** The plain text of the last letter to somebody. */
  letterFor(email: string): string {
    return this.#received.findLast(({ to }) => to.includes(email))?.mail.text ?? '';
  }
}
