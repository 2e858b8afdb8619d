import { hostname } from 'node:os';
import type { MessageLink } from '../../transports/message-link.ts';
import { engineErrors } from '../errors.ts';
import { openRpc } from '../rpc/connection.ts';
import { toResponseError } from '../rpc/errors.ts';
import { History } from './history.ts';
import { attachParams, type SharedConsoleWelcome, typeParams } from './protocol.ts';
import { sessionCommand } from './session-commands.ts';
import { connected, disconnected, help, type Person, popUp, typed } from './words.ts';

/** A client that reads so slowly loses text, and is told how much; nobody waits for it. */
const MOST_BEHIND = 4 << 20;

export interface SharedConsoleOptions {
  readonly name: string;
  readonly command: string;
  readonly user: string;
  /** A line for the program. */
  readonly toProgram: (line: string) => void;
  /** The server's own window. */
  readonly show: (text: string) => void;
  /** `@P`, at the server. */
  readonly popUp: (text: string) => void;
  /** `@K`. */
  readonly end: () => void;
}

interface Member {
  readonly who: Person;
  readonly link: MessageLink;
  send(text: string): void;
}

/** A console program's text, shared by name: everybody sees what it writes and what anybody types. */
export class SharedConsole {
  readonly #options: SharedConsoleOptions;
  readonly #history = new History();
  readonly #members = new Set<Member>();
  #ended = false;

  constructor(options: SharedConsoleOptions) {
    this.#options = options;
  }

  get people(): readonly Person[] {
    return [...this.#members].map(({ who }) => who);
  }

  /** What the program wrote. */
  output(text: string): void {
    this.#tell(text, null);
  }

  /** What the server's own window shows already. */
  print(text: string): void {
    this.#tell(text, null, false);
  }

  /** What is typed at the server. */
  typeHere(line: string): void {
    this.#typed(line, null);
  }

  /** Takes somebody who passed the hello. The link is this object's from now on. */
  join(link: MessageLink, who: Person): void {
    const { connection } = openRpc(link);
    let member: Member | null = null;
    const answer = async (method: string, params: unknown): Promise<unknown> => {
      if (method === 'console/attach') {
        if (member) throw engineErrors.badRequest('it is attached already');
        const parsed = attachParams.safeParse(params);
        if (!parsed.success) throw engineErrors.badRequest('console/attach takes a number of lines');
        member = this.#attach(link, who, parsed.data.lines);
        return this.#welcome;
      }
      if (!member) throw engineErrors.badRequest('console/attach comes first');
      if (method === 'console/type') {
        const parsed = typeParams.safeParse(params);
        if (!parsed.success) throw engineErrors.badRequest('console/type takes a line');
        this.#typed(parsed.data.line, member);
      } else if (method === 'console/leave') setImmediate(() => link.close());
      else throw engineErrors.badRequest(`there is no method ${method}`);
      return {};
    };
    connection.onRequest((method, params) => answer(method, params).catch((error) => toResponseError(error)));
    link.onClose(() => {
      connection.dispose();
      if (member) this.#left(member);
    });
    connection.listen();
  }

  /** Everybody is disconnected; resolves when they are, or soon after. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const links = [...this.#members].map(({ link }) => link);
    for (const link of links) link.close();
    const patience = new Promise<void>((done) => setTimeout(done, 2000).unref());
    await Promise.race([Promise.all(links.map((link) => link.ended)), patience]);
  }

  get #welcome(): SharedConsoleWelcome {
    const { name, command, user } = this.#options;
    return { name, command, host: hostname(), user };
  }

  #attach(link: MessageLink, who: Person, lines: number): Member {
    const member: Member = { who, link, send: sender(link) };
    member.send(this.#history.last(lines));
    this.#members.add(member);
    this.#announce(connected(who, new Date()));
    return member;
  }

  #left(member: Member): void {
    if (!this.#members.delete(member) || this.#ended) return;
    this.#announce(disconnected(member.who, new Date()));
  }

  /** A line of its own, and below it once more what was being written: the prompt. */
  #announce(line: string): void {
    const { open } = this.#history;
    this.#tell(open === '' ? line : `\n${line}${open}`, null);
  }

  /** In every window but the one that it came from. */
  #tell(text: string, from: Member | null, here = true): void {
    if (this.#ended) return;
    this.#history.add(text);
    for (const member of this.#members) if (member !== from) member.send(text);
    if (here) this.#options.show(text);
  }

  #typed(line: string, from: Member | null): void {
    const now = new Date();
    const who = from?.who ?? null;
    const command = sessionCommand(line);
    const back = (text: string): void => {
      if (from) from.send(text);
      else this.#options.show(text);
    };
    switch (command?.kind) {
      case 'help':
        back(help(from ? 'client' : 'server'));
        break;
      case 'message':
        this.#announce(typed(line, who, now));
        break;
      case 'popUp':
        this.#options.popUp(popUp(command.text, who, now));
        this.#announce(popUp(command.text, who, now));
        break;
      case 'end':
        if (from) back('@K is for the server; @Q leaves the session.\n');
        else this.#options.end();
        break;
      case 'leave':
        if (from) from.link.close();
        else back('@Q is for clients; @K ends the session.\n');
        break;
      default:
        // Who typed it sees it already.
        this.#tell(typed(line, who, now), from, from !== null);
        this.#options.toProgram(line);
    }
  }
}

/** Sends text, and drops what is too much for a client that does not read. */
function sender(link: MessageLink): (text: string) => void {
  let dropped = 0;
  const send = (text: string) => {
    const message = { jsonrpc: '2.0', method: 'console/text', params: { text } };
    // A link that is closed says so by onClose.
    link.writer.write(message as never).catch(() => undefined);
  };
  return (text) => {
    if (text === '') return;
    if (link.pendingBytes > MOST_BEHIND) {
      if (dropped === 0)
        void link.drained().then(() => {
          const lost = dropped;
          dropped = 0;
          send(`\n**Remote: ${lost} characters were dropped here: this window could not keep up.\n`);
        });
      dropped += text.length;
    } else send(text);
  };
}
