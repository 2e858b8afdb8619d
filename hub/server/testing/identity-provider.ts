import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Who can sign in there: by name, with any password. */
export type People = Readonly<Record<string, { readonly email?: string; readonly verified: boolean }>>;

export const CLIENT = { id: 'the-hub', secret: 'a secret of the client, long enough' };

/** A real OpenID Connect provider on loopback, which insists on PKCE. `secure`: over TLS, with that certificate of localhost. */
export async function startProvider(
  people: People,
  secure?: { readonly cert: string; readonly key: string },
) {
  let handle: ReturnType<Provider['callback']> | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => void handle?.(request, response);
  const server = secure ? createTlsServer(secure, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return {
    issuer,
    /** The address that the provider sends people back to is known only when the hub runs. */
    serve(hub: string) {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: CLIENT.id,
            client_secret: CLIENT.secret,
            redirect_uris: [`${hub}/oidc/callback`],
            response_types: ['code'],
            grant_types: ['authorization_code'],
          },
        ],
        pkce: { required: () => true },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        ttl: {
          Interaction: 600,
          Session: 600,
          Grant: 600,
          AccessToken: 600,
          IdToken: 600,
          AuthorizationCode: 60,
        },
        features: { devInteractions: { enabled: true } },
        findAccount: (_context, id) => ({
          accountId: id,
          claims: () => ({
            sub: id,
            name: id,
            email: people[id]?.email,
            email_verified: people[id]?.verified,
          }),
        }),
      });
      handle = provider.callback();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** As much of a browser as signing in takes: cookies, redirects, forms. */
export class Browser {
  readonly #cookies = new Map<string, string>();
  /** Where it has been. */
  readonly visited: string[] = [];

  /** Signs in as `login` at the provider, or says no there. @returns the last page */
  async signIn(url: string, login: string | null): Promise<string> {
    let answer = await this.#follow(url);
    for (let step = 0; step < 6; step++) {
      if (login === null) {
        const [, abort = ''] = /href="([^"]*\/abort)"/.exec(answer.body) ?? [];
        if (abort === '') return answer.body;
        answer = await this.#follow(new URL(abort, this.visited.at(-1)).href);
        continue;
      }
      const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(answer.body) ?? [];
      const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(answer.body) ?? [];
      if (action === '' || prompt === '') return answer.body;
      const form = prompt === 'login' ? { prompt, login, password: 'any' } : { prompt };
      answer = await this.#follow(action, new URLSearchParams(form).toString());
    }
    return answer.body;
  }

  async #follow(start: string, form?: string): Promise<Answer> {
    let answer = await this.#ask(start, form);
    let at = start;
    while (answer.location !== undefined) {
      at = new URL(answer.location, at).href;
      answer = await this.#ask(at);
    }
    return answer;
  }

  #ask(url: string, form?: string): Promise<Answer> {
    this.visited.push(url);
    const { protocol, host } = new URL(url);
    // The test hub's certificate is its own; whether it is checked is not this browser's test.
    const ask = protocol === 'https:' ? httpsRequest : httpRequest;
    const cookies = [...this.#cookies].filter(([name]) => name.startsWith(`${host} `));
    const headers = {
      cookie: cookies.map(([name, value]) => `${name.slice(host.length + 1)}=${value}`).join('; '),
      ...(form !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(form),
      }),
    };
    return new Promise((resolve, reject) => {
      const options = { method: form === undefined ? 'GET' : 'POST', headers, rejectUnauthorized: false };
      const sent = ask(url, options, (response) => {
        this.#keep(host, response);
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
        );
      });
      sent.on('error', reject);
      sent.end(form);
    });
  }

  #keep(host: string, response: IncomingMessage): void {
    for (const cookie of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.#cookies.delete(`${host} ${name}`);
      else this.#cookies.set(`${host} ${name}`, value);
    }
  }
}
