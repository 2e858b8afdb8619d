import { sweep } from '../../hub/server/sweeper.ts';
import { TestHub, testCertificate } from '../../hub/server/testing/test-hub.ts';
import { type HubAddress, PASSWORD } from './hub.ts';

/** A hub in the test's own process, whose clock the test sets. */
export class ClockHub implements HubAddress {
  readonly fingerprint: string;
  readonly #hub: TestHub;

  private constructor(hub: TestHub, fingerprint: string) {
    this.#hub = hub;
    this.fingerprint = fingerprint;
  }

  static async start(): Promise<ClockHub> {
    const { fingerprint } = await testCertificate();
    const settings = { name: 'Harbour', contact: 'help@harbour.example' };
    return new ClockHub(await TestHub.start({ settings }), fingerprint);
  }

  get address(): string {
    return `localhost:${this.#hub.hub.port}`;
  }

  async account(email: string, name: string, mayHost = false): Promise<void> {
    const { accounts } = this.#hub.hub.context;
    await accounts.add({ email, name, mayHost, mayJoin: true, administrator: false });
    await accounts.setPassword(email, PASSWORD);
  }

  /** Time passes, and the hub deletes what has had its time. */
  async pass(milliseconds: number): Promise<void> {
    this.#hub.clock.offset += milliseconds;
    await sweep(this.#hub.hub.context);
  }

  close(): Promise<void> {
    return this.#hub.close();
  }
}
