import type { NumberedEvent } from '../../../engine/protocol/session.ts';
import { seeded } from '../../../transports/com/testing/relay.ts';
import { Commander } from './commander.ts';
import { Delays } from './delays.ts';
import type { Door } from './doors.ts';
import { Leg } from './leg.ts';
import { Lines } from './lines.ts';
import { Member } from './member.ts';
import { Reference } from './sums.ts';

/** What a client does beside reading. */
type Habit = 'stays' | 'commands' | 'stalls' | 'leaves' | 'loses its link';

interface Place {
  readonly door: Door;
  readonly habit: Habit;
  /** Where its link can be cut. */
  readonly leg: Leg | null;
  member: Member;
  /** Something happens to it right now. */
  busy: boolean;
}

const HABITS: readonly Habit[] = ['stays', 'stays', 'stalls', 'leaves', 'loses its link'];
/** Of clients that come back, how many read all the session's history: one of so many. */
const FROM_THE_START = 4;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The clients of a session, and what happens to them. */
export class Crowd {
  readonly reference = new Reference(0);
  /** The target's own output, as the reference got it. */
  readonly lines = new Lines();
  /** Of those that stay: from an event's time to its arrival. */
  readonly delivery = new Delays();
  /** From a command's sending to its answer, of those that do not wait for the target. */
  readonly commands = new Delays();
  readonly counts = { joined: 0, left: 0, stalled: 0, cut: 0, silenced: 0, resumed: 0 };
  /** What must not be. */
  readonly faults: string[] = [];
  readonly #random = seeded(7);
  readonly #places: Place[] = [];
  readonly #incidents = new Set<Promise<void>>();
  readonly #commanders: Commander[] = [];

  get size(): number {
    return this.#places.length;
  }

  get commandsGiven(): number {
    return this.#commanders.reduce((sum, { given }) => sum + given, 0);
  }

  /** So many join, the first of them the one that the others are compared with. */
  async gather(doors: readonly Door[], count: number, commanders: number): Promise<void> {
    const common = doors.filter(({ single }) => !single);
    const single = doors.filter((door) => door.single);
    for (let index = 0; index < count; index++) {
      const door = single[index - 1 - commanders] ?? common[index % common.length];
      if (!door) throw new Error('there is no way in');
      await this.#enter(door, this.#habit(index, commanders, door));
    }
  }

  /** Commands begin, and go on. */
  command(): void {
    const givers = this.#places.filter(({ habit }) => habit === 'commands');
    for (const [index, { member }] of givers.entries())
      this.#commanders.push(new Commander(member, index === 0, this.commands));
  }

  /** Something happens to somebody, if it does not happen already. */
  incident(): void {
    const place = this.#places[Math.floor(this.#random() * this.#places.length)];
    if (!place || place.busy || place.habit === 'stays' || place.habit === 'commands') return;
    place.busy = true;
    const work = this.#happen(place)
      .catch((error: unknown) => void this.faults.push(`${place.member.name}: ${(error as Error).message}`))
      .finally(() => {
        place.busy = false;
        this.#incidents.delete(work);
      });
    this.#incidents.add(work);
  }

  /** Commands end, those who are away come back, and all read to the end; then they are compared. */
  async settle(): Promise<void> {
    await Promise.all(this.#incidents);
    await Promise.all(this.#commanders.map((each) => each.stop()));
    for (const { failed, member } of this.#commanders)
      if (failed !== null) this.faults.push(`${member.name}: ${failed}`);
    const [first] = this.#places;
    await first?.member.client.execute('.echo the end');
    await Promise.all(this.#places.map(({ member }) => member.client.caughtUp(this.reference.last)));
    for (const { member } of this.#places) await this.#compare(member);
    if (this.reference.fault !== null) this.faults.push(`the reference: ${this.reference.fault}`);
    if (this.lines.fault !== null) this.faults.push(`the target's lines: ${this.lines.fault}`);
  }

  async leave(): Promise<void> {
    await Promise.all(this.#places.map(({ member }) => member.leave()));
    for (const { leg } of this.#places) leg?.close();
  }

  #habit(index: number, commanders: number, door: Door): Habit {
    if (index === 0 || door.single) return 'stays';
    if (index <= commanders) return 'commands';
    const habit = HABITS[Math.floor(this.#random() * HABITS.length)] ?? 'stays';
    return habit === 'loses its link' && door.port === null ? 'stalls' : habit;
  }

  async #enter(door: Door, habit: Habit): Promise<void> {
    const leg = habit === 'loses its link' && door.port !== null ? await Leg.open(door.port) : null;
    const index = this.#places.length;
    const first = index === 0;
    const steady = habit === 'stays' || habit === 'commands';
    const member = await Member.join({
      name: `${door.name}-${index}`,
      connection: door.at(leg?.port),
      after: 0,
      ...(steady && { delays: this.delivery }),
      ...(first && { sums: this.reference, event: (event: NumberedEvent) => this.lines.take(event) }),
    });
    this.counts.joined++;
    this.#places.push({ door, habit, leg, member, busy: false });
  }

  async #happen(place: Place): Promise<void> {
    const long = 500 + this.#random() * 5000;
    if (place.habit === 'stalls') {
      this.counts.stalled++;
      place.member.stall();
      await pause(long);
      place.member.goOn();
    } else if (place.habit === 'leaves') await this.#comeAndGo(place, long);
    else await this.#lose(place, long);
  }

  async #comeAndGo(place: Place, long: number): Promise<void> {
    const before = place.member;
    await before.leave();
    this.counts.left++;
    await this.#compare(before);
    await pause(long);
    const all = this.#random() * FROM_THE_START < 1;
    const connection = place.door.at(place.leg?.port);
    place.member = await Member.join({
      name: before.name,
      connection,
      after: all ? 0 : this.reference.last,
    });
    this.counts.joined++;
  }

  /** Cut; or silent for a while, and then cut. */
  async #lose({ leg, member }: Place, long: number): Promise<void> {
    const before = member.resumed;
    if (this.#random() < 0.5) {
      leg?.silence();
      this.counts.silenced++;
      await pause(long);
    }
    leg?.cut();
    this.counts.cut++;
    while (member.resumed === before && member.gone === undefined) await pause(20);
    if (member.gone !== undefined) throw new Error(`it did not come back: ${member.gone}`);
    this.counts.resumed++;
  }

  async #compare({ name, sums }: Member): Promise<void> {
    // Somebody may be ahead of the one that it is compared with.
    while (this.reference.last < sums.last && this.#places[0]?.member.gone === undefined)
      await this.#places[0]?.member.client.caughtUp(sums.last);
    const wrong = this.reference.compare(sums);
    if (wrong !== null) this.faults.push(`${name}: ${wrong}`);
  }
}
