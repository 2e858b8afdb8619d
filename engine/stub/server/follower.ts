import { type RspPacket, textOf } from '../rsp/packets.ts';

/** A request that the stub has not answered yet. */
interface Asked {
  readonly text: string;
  readonly kind: 'resume' | 'other';
  /** The process that was selected when it was sent, as `p1a2.`; '' where the stub has one only. */
  readonly process: string;
}

/** The longest request that is looked into; memory is written in longer ones. */
const LOOKED_INTO = 4096;
/** As long as the target runs, the stub may send what the target prints. */
const CONSOLE = /^O[0-9a-f]/i;
const RESUME = /^(?:vCont;|[cCsSrR]|vRun|vAttach)/;

/**
 * Follows what a debugger and a stub say to each other, as far as it must be known to let the target go in the debugger's
 * place: what is inserted, what is under way.
 */
export class PacketFollower {
  readonly #asked: Asked[] = [];
  /** Inserted breakpoints and watchpoints: `0,401136,1`, behind their process. */
  readonly #inserted = new Map<string, Pick<Asked, 'process'> & { readonly what: string }>();
  #process = '';
  /** No acknowledgements (`QStartNoAckMode`). */
  noAck = false;
  /** Every request is answered at once, a resume too (`QNonStop`). */
  nonStop = false;
  /** Processes are named in requests. */
  multiprocess = false;

  /** The last request resumes the target, and the stub will say nothing before it stops. */
  get running(): boolean {
    return !this.nonStop && this.#asked[0]?.kind === 'resume' && !this.#isStart(this.#asked[0].text);
  }

  get answered(): boolean {
    return this.#asked.length === 0;
  }

  get inserted(): readonly { readonly process: string; readonly what: string }[] {
    return [...this.#inserted.values()];
  }

  /** Addresses of inserted breakpoints, in code or debug registers, of all processes. */
  get breakpoints(): readonly bigint[] {
    return this.inserted.flatMap(({ what }) => {
      const [, digits] = /^[01],([0-9a-f]+),/i.exec(what) ?? [];
      return digits === undefined ? [] : [BigInt(`0x${digits}`)];
    });
  }

  sent(packet: RspPacket): void {
    const text = packet.body.toString('latin1', 0, LOOKED_INTO);
    // Neither is answered.
    if (text === 'k' || text.startsWith('R')) return;
    const kind = RESUME.test(text) && !text.startsWith('vCont?') ? 'resume' : 'other';
    this.#asked.push({ text, kind, process: this.#process });
    const selected = /^Hg(p[0-9a-f]+\.)/i.exec(text)?.[1];
    if (selected !== undefined) this.#process = selected;
  }

  /** An answer. @returns the request that it answers; null: it is none */
  came(packet: RspPacket): string | null {
    const [asked] = this.#asked;
    if (packet.kind === 'notification' || !asked) return null;
    const head = packet.body.toString('latin1', 0, 3);
    if (asked.kind === 'resume' && CONSOLE.test(head) && head !== 'OK') return null;
    this.#asked.shift();
    if (/^[Zz]/.test(asked.text)) this.#point(asked, head);
    else if (asked.text === 'QStartNoAckMode' && head === 'OK') this.noAck = true;
    else if (asked.text.startsWith('QNonStop:') && head === 'OK') this.nonStop = asked.text.endsWith('1');
    else if (asked.text.startsWith('qSupported'))
      this.multiprocess = asked.text.includes('multiprocess+') && textOf(packet).includes('multiprocess+');
    else if (asked.kind === 'resume' && /^[WX]/.test(head)) this.#gone(textOf(packet));
    else if (/^(?:D|vKill)/.test(asked.text) && head === 'OK') this.#detached(asked.text);
    return asked.text;
  }

  #isStart(text: string): boolean {
    return text.startsWith('vRun') || text.startsWith('vAttach');
  }

  #point({ text, process }: Asked, head: string): void {
    // Conditions and commands follow a semicolon.
    const what = text.slice(1).split(';', 1)[0] ?? '';
    const key = `${process}${what}`;
    // A breakpoint that cannot be taken out may still be there.
    if (head !== 'OK') return;
    if (text.startsWith('Z')) this.#inserted.set(key, { process, what });
    else this.#inserted.delete(key);
  }

  /** `W00;process:1a2`: without its number, there was one only. */
  #gone(text: string): void {
    this.#forget(/process:([0-9a-f]+)/i.exec(text)?.[1]);
  }

  #detached(text: string): void {
    this.#forget(/^(?:D|vKill);([0-9a-f]+)/i.exec(text)?.[1]);
  }

  #forget(pid: string | undefined): void {
    for (const [key, { process }] of this.#inserted)
      if (pid === undefined || process === '' || process === `p${pid}.`) this.#inserted.delete(key);
  }
}
