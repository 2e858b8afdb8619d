import { createInterface, emitKeypressEvents, type Interface } from 'node:readline';
import type { LinkStatus } from '../../engine/client/resumer.ts';
import { SessionClient } from '../../engine/client/session-client.ts';
import { transcriptOf } from '../../engine/client/transcript.ts';
import type { AttachResult, NumberedEvent, TargetState } from '../../engine/protocol/session.ts';
import { nameProblem } from '../../engine/shared-console/pipe-name.ts';
import { sessionOver } from '../../engine/shared-console/words.ts';
import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { LineSource } from './line-source.ts';
import { Screen } from './screen.ts';
import { type ConsoleSharing, startSharing } from './sharing.ts';
import { TransferLines } from './transfer-lines.ts';

export interface ConsoleOptions {
  /** The session's own console, as against a remote client's. */
  readonly owner: boolean;
  /** Takes no input and prints nothing (`-noio`). */
  readonly noio: boolean;
  /** `-lsrcpath`. */
  readonly localSourcePath: string | undefined;
  /** `-bonc` of a client. */
  readonly breakOnConnect: boolean;
  /** Ctrl+C while the link is lost. */
  readonly giveUp: () => void;
  /** Of the session's own console: its input has ended. */
  readonly inputEnded?: () => Promise<void>;
  /** The tool, as `.remote` lists it: `cdb`. */
  readonly program: string;
  /** Whether the session is in secure mode. */
  readonly secure: () => boolean;
  /** `-c` of a client: sent to the session before anything typed. */
  readonly commands: string;
}

/** CTRL+B, with which CDB and KD leave a session. */
const CTRL_B = '\x02';
const QUIT = /^\s*(?:q|qq|qd|qqd)\s*$/i;

/**
 * A text front of a session, as CDB's: a prompt at a terminal, or commands read line by line from a pipe.
 */
export class ConsoleFront {
  readonly #options: ConsoleOptions;
  readonly #screen: Screen;
  readonly #client: SessionClient;
  readonly #own = new Map<string, string>();
  readonly #interactive: boolean;
  #readline: Interface | null = null;
  #lines: LineSource | null = null;
  #state: TargetState | null = null;
  #session: AttachResult | null = null;
  /** Remote clients here now. */
  #others = new Set<number>();
  readonly #transfers = new TransferLines((line) => this.#aside(line));
  #localSourcePath: string;
  #progress: string | null = null;
  /** `.remote` */
  #sharing: ConsoleSharing | null = null;
  /** The prompt is a question of our own. */
  #asking = false;
  #ended = false;
  #lost = false;
  #closed: { readonly reason: HawserError | null } | null = null;
  #onClosed: (() => void)[] = [];

  constructor(link: MessageLink, options: ConsoleOptions) {
    this.#options = options;
    this.#localSourcePath = options.localSourcePath ?? '';
    this.#interactive = !options.noio && process.stdin.isTTY === true && process.stdout.isTTY === true;
    this.#screen = new Screen({ quiet: options.noio });
    this.#client = new SessionClient(link, {
      event: (event) => this.#take(event),
      taken: () => this.#screen.flushed(),
      closed: (reason) => {
        this.#closed = { reason };
        this.#transfers.close();
        this.#lines?.close();
        for (const done of this.#onClosed) done();
      },
    });
  }

  /**
   * Runs until somebody leaves or ends the session, or the link is lost.
   * @returns the exit status
   */
  async run(): Promise<number> {
    this.#session = await this.#client.attach();
    this.#state = this.#session.state;
    for (const client of this.#session.clients) {
      if (client.via !== 'local' && client.id !== this.#session.you.id) this.#others.add(client.id);
    }
    if (this.#options.breakOnConnect) await this.#client.request('session/breakIn', {});
    if (this.#options.noio) await this.#untilClosed();
    else await this.#converse();
    return this.#exitStatus();
  }

  /** Ctrl+C: stops the target, or cancels the command at work. */
  breakIn(): void {
    if (this.#lost) {
      this.#options.giveUp();
      return;
    }
    void this.#client.request('session/breakIn', {}).catch((error: unknown) => this.#complain(error));
  }

  /** The link was lost, is being made anew, or is back. */
  linkStatus(status: LinkStatus): void {
    const again = status.state === 'up' ? '' : `Trying again in ${seconds(status.retryIn)}; Ctrl+C gives up.`;
    this.#lost = status.state === 'lost';
    if (status.state === 'up') this.#notice('The link is back; nothing was lost.');
    else if (status.retryIn > 0) this.#notice(`${status.error.message} ${again}`);
  }

  /** Of this front's own, beside the session's text: on standard error where commands come from a pipe. */
  #notice(text: string): void {
    this.#screen.freshLine();
    if (this.#interactive) this.#screen.write(`${text}\n`);
    else process.stderr.write(`${text}\n`);
  }

  /** Into the transcript, between what the session says. */
  #aside(text: string): void {
    this.#screen.freshLine();
    this.#screen.write(`${text}\n`);
  }

  async #converse(): Promise<void> {
    this.#readline = this.#openReadline();
    this.#screen.readline = this.#interactive ? this.#readline : null;
    this.#lines = new LineSource(this.#readline, (line) => this.#forOthers(line) || this.#forTarget(line));
    if (this.#options.commands) await this.#execute(this.#options.commands);
    while (!this.#closed && !this.#ended) {
      if (this.#interactive) this.#showPrompt(this.#lines.early);
      const line = await this.#lines.next();
      this.#screen.promptDone();
      if (line === null || line === CTRL_B) break;
      if (!(await this.#handle(line))) break;
    }
    this.#readline.close();
    await this.#sharing?.end();
    await this.#leave();
  }

  #openReadline(): Interface {
    const readline = createInterface({
      input: process.stdin,
      output: this.#interactive ? this.#screen.line : undefined,
      terminal: this.#interactive,
      historySize: 1000,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
        this.#complete(line, done),
    } as Parameters<typeof createInterface>[0]);
    readline.on('SIGINT', () => this.breakIn());
    if (this.#interactive) {
      // readline takes CTRL+B for "one character back"; on an empty line, where that does nothing, it leaves with ENTER.
      emitKeypressEvents(process.stdin);
      process.stdin.on('keypress', (_text, key: { ctrl?: boolean; name?: string } | undefined) => {
        this.#lines?.setLeaveOnEnter(key?.ctrl === true && key.name === 'b' && readline.line === '');
      });
    }
    return readline;
  }

  #showPrompt(early: string | undefined): void {
    const prompt = this.#state?.prompt ?? '> ';
    if (early === undefined) this.#screen.prompt(prompt);
    else this.#screen.write(`${prompt}${early}\n`);
  }

  /** As at any terminal, what is typed while one's own command lets the program run is the program's. */
  #forTarget(line: string): boolean {
    if (!this.#interactive || this.#own.size === 0 || this.#state?.run !== 'running') return false;
    this.#client
      .request('session/input', { text: `${line}\n` })
      .catch((error: unknown) => this.#complain(error));
    return true;
  }

  /** @returns false to leave */
  async #handle(line: string): Promise<boolean> {
    const path = /^\s*\.lsrcpath(\+)?(?:\s+(.*))?$/i.exec(line);
    const share = /^\s*\.remote(?:\s+(.*))?$/i.exec(line);
    if (share && this.#options.owner && !this.#options.secure())
      return this.#share(share[1]?.trim().replace(/^"(.*)"$/, '$1') ?? '');
    if (/^\s*\.cls\s*$/i.test(line)) return this.#screen.clear();
    const title = /^\s*\.wtitle(?:\s+(.*))?$/i.exec(line);
    if (title) return this.#screen.title(title[1] ?? '');
    if (path && !this.#options.owner) return this.#setLocalSourcePath(path[1] !== undefined, path[2]?.trim());
    if (this.#options.owner && QUIT.test(line) && !(await this.#confirmEnd())) return true;
    return this.#execute(line);
  }

  /** Turns this console into a Remote.exe server. */
  async #share(name: string): Promise<true> {
    const problem = nameProblem(name);
    if (this.#sharing || problem) {
      const why = this.#sharing
        ? 'This console is shared already; @K ends that.'
        : `.remote takes a name: ${problem}.`;
      // Whoever typed it is to see it, here or elsewhere.
      this.#screen.freshLine();
      this.#screen.write(`${why}\n`);
      return true;
    }
    try {
      this.#sharing = await startSharing(name, {
        command: this.#options.program,
        show: (text) => this.#screen.aside(text),
        run: (line) => this.#runShared(line),
        ended: () => void this.#endSharing(),
      });
      this.#screen.onShown = (text) => this.#sharing?.output(text);
    } catch (error) {
      this.#complain(error);
    }
    return true;
  }

  /** What is typed here while the console is shared goes the way of what others type. */
  #forOthers(line: string): boolean {
    if (!this.#sharing || this.#asking || line === CTRL_B) return false;
    this.#screen.promptDone();
    this.#sharing.typed(line);
    return true;
  }

  #runShared(line: string): void {
    this.#screen.promptTaken();
    if (!this.#forTarget(line)) this.#lines?.add(line);
  }

  async #endSharing(): Promise<void> {
    const sharing = this.#sharing;
    this.#sharing = null;
    this.#screen.onShown = null;
    await sharing?.end();
    if (sharing) this.#notice(sessionOver('').trimEnd());
    if (!this.#closed && !this.#ended && this.#interactive) this.#showPrompt(undefined);
  }

  #setLocalSourcePath(append: boolean, path: string | undefined): true {
    if (path)
      this.#localSourcePath = append && this.#localSourcePath ? `${this.#localSourcePath};${path}` : path;
    this.#screen.write(`Local source search path is: ${this.#localSourcePath || '<empty>'}\n`);
    return true;
  }

  /** Others would lose the session too: their host is asked first, where there is somebody to ask. */
  async #confirmEnd(): Promise<boolean> {
    if (!this.#interactive || this.#others.size === 0 || !this.#lines) return true;
    const who = this.#others.size === 1 ? 'A client is' : `${this.#others.size} clients are`;
    this.#asking = true;
    this.#screen.prompt(`${who} connected and will lose the session. End it? [y/N] `);
    const answer = await this.#lines.next();
    this.#asking = false;
    this.#screen.promptDone();
    return /^\s*y/i.test(answer ?? '');
  }

  async #execute(command: string): Promise<boolean> {
    const commandId = this.#client.newCommandId();
    this.#own.set(commandId, command);
    try {
      const result = await this.#client.execute(command, commandId);
      return result.leave !== true;
    } catch (error) {
      if (!this.#closed && !this.#ended) this.#complain(error);
      return !this.#closed;
    } finally {
      this.#own.delete(commandId);
    }
  }

  #complete(line: string, done: (error: null, result: [string[], string]) => void): void {
    this.#client.request('session/complete', { text: line, caret: line.length }).then(
      ({ from, items }) => done(null, [items.map((item) => item.text), line.slice(from)]),
      () => done(null, [[], line]),
    );
  }

  #take(numbered: NumberedEvent): void {
    const { event } = numbered;
    if (event.type === 'state') {
      this.#state = event.state;
      this.#showProgress(event.state.progress ?? null);
      if (!this.#asking) this.#screen.changePrompt(event.state.prompt);
    }
    if (event.type === 'clientJoined') this.#others.add(event.client.id);
    if (event.type === 'clientLeft') this.#others.delete(event.client.id);
    if (event.type === 'transfer') this.#transfers.take(event.transfer);
    if (event.type === 'ended') this.#ended = true;
    const own = (id: string) => this.#own.has(id);
    // A terminal shows what was typed already; in a pipe's transcript it stands where it took effect.
    if (event.type === 'command' && !this.#interactive && own(event.commandId)) {
      this.#screen.freshLine();
      // ENTER alone stays an empty line; others are told what it repeats.
      this.#screen.write(`${event.prompt}${this.#own.get(event.commandId) === '' ? '' : event.text}\n`);
    }
    const shown = transcriptOf(numbered, own);
    if (shown) {
      if (shown.kind === 'command' || shown.kind === 'session') this.#screen.freshLine();
      this.#screen.write(shown.text);
    }
    if (this.#ended) this.#lines?.close();
  }

  /** Of one's own commands, each word once: state comes anew for other reasons too. */
  #showProgress(text: string | null): void {
    if (this.#interactive && text !== null && text !== this.#progress && this.#own.size > 0)
      this.#notice(`${text}; Ctrl+C ends it.`);
    this.#progress = text;
  }

  async #leave(): Promise<void> {
    if (this.#closed) return;
    if (!this.#options.owner && !this.#ended) {
      // Whoever pipes nothing in still wants to read what there is.
      await this.#client.caughtUp(this.#session?.head ?? 0);
      await this.#screen.flushed();
      return this.#client.leave();
    }
    // Not what `q` does: a process attached to goes on.
    if (!this.#ended) await this.#options.inputEnded?.().catch((error: unknown) => this.#complain(error));
    await this.#untilClosed();
  }

  #untilClosed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve();
      else this.#onClosed.push(resolve);
    });
  }

  #exitStatus(): number {
    const reason = this.#closed?.reason;
    if (!reason || this.#ended || this.#options.owner) return 0;
    this.#screen.freshLine();
    process.stderr.write(`${reason.text}\n`);
    return 1;
  }

  #complain(error: unknown): void {
    this.#screen.freshLine();
    process.stderr.write(`${toHawserError(error).text}\n`);
  }
}

const seconds = (ms: number): string => (ms < 1000 ? 'half a second' : `${Math.round(ms / 1000)} s`);
