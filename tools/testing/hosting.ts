import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type HostedSession, hostSession } from '../../hub/agent/launch.ts';
import { listAgents } from '../../hub/agent/registry.ts';
import { HostedView, type OpenedEntry } from '../../hub/client/hosted-view.ts';
import { HubConnection } from '../../hub/client/hub-connection.ts';
import { StandInHub } from '../../hub/client/testing/stand-in-hub.ts';
// Builds what an agent is.
import './console-process.ts';

/** Folders of this test's own for keys, spools and sockets. */
export async function ownFolders(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-hosting-'));
  const before = { ...process.env };
  for (const name of ['XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR']) process.env[name] = folder;
  return {
    folder,
    remove: async () => {
      for (const name of ['XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR']) {
        delete process.env[name];
        if (before[name] !== undefined) process.env[name] = before[name];
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A session hosted at a hub of the test's own, with the host's view of it. */
export class Hosting {
  readonly entries: OpenedEntry[] = [];
  readonly failures: string[] = [];
  readonly hub: StandInHub;
  readonly connection: HubConnection;
  readonly hosted: HostedSession;
  #view: HostedView | null = null;

  private constructor(hub: StandInHub, connection: HubConnection, hosted: HostedSession) {
    this.hub = hub;
    this.connection = connection;
    this.hosted = hosted;
  }

  static async start(
    program: string,
    args: string,
    more: { readonly spool?: number; readonly folder?: string } = {},
  ): Promise<Hosting> {
    const hub = await StandInHub.start();
    const connection = await HubConnection.open({
      address: hub.address,
      fingerprint: hub.fingerprint,
      program: 'test',
    });
    await connection.request('account/signIn', { email: 'host@example.test', password: 'x' });
    const hosted = await hostSession({
      connection,
      fingerprint: hub.fingerprint,
      debugger: program,
      arguments: args,
      name: 'A test',
      description: '',
      version: 'test',
      ...more,
    });
    const made = new Hosting(hub, connection, hosted);
    made.#view = await HostedView.open({
      connection,
      session: hosted.session.id,
      keys: hosted.keys,
      entries: (entries) => void made.entries.push(...entries),
      failed: ({ code }) => made.failures.push(code),
    });
    return made;
  }

  get view(): HostedView {
    if (!this.#view) throw new Error('not open');
    return this.#view;
  }

  /** All that came out of the debugger's terminal. */
  get text(): string {
    return this.#textOf(this.entries);
  }

  #textOf(entries: readonly OpenedEntry[]): string {
    const pieces = entries.flatMap(({ body }) =>
      body.type === 'output' ? [Buffer.from(body.data, 'base64')] : [],
    );
    return Buffer.concat(pieces).toString().replace(/\r+\n/g, '\n');
  }

  get commands(): readonly string[] {
    return this.entries.flatMap(({ body }) => (body.type === 'command' ? [body.text] : []));
  }

  get notices(): readonly string[] {
    return this.entries.flatMap(({ body }) => (body.type === 'notice' ? [body.text] : []));
  }

  async type(text: string): Promise<void> {
    await this.view.order({ type: 'input', text });
  }

  /** In the newest of it: a flood is not gone through again and again. */
  async see(pattern: RegExp): Promise<void> {
    await expect.poll(() => this.#textOf(this.entries.slice(-200)), { timeout: 90_000 }).toMatch(pattern);
  }

  /** What the hub was told when the session ended. */
  async ended(): Promise<{ readonly by: string; readonly detail: string }> {
    await this.hub.untilEnded();
    await expect.poll(() => alive(this.hosted.pid), { timeout: 30_000 }).toBe(false);
    await expect.poll(() => this.entries.length).toBe(this.hub.history.length);
    const { by = '', detail = '' } = this.hub.session.end ?? {};
    return { by, detail };
  }

  async close(): Promise<void> {
    this.connection.close();
    await this.hub.close();
    if (alive(this.hosted.pid)) process.kill(this.hosted.pid, 'SIGKILL');
  }

  async agent() {
    return (await listAgents()).find(({ session }) => session === this.hosted.session.id);
  }
}

export function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
