import { unescapeBody } from '../rsp/packets.ts';
import { describeRegisters, registerPacket } from './registers.ts';
import type { StillTarget } from './still-target.ts';

/** Of a packet; GDB reads memory by pieces of it. */
const PACKET = 0x4000;
const SUPPORTED = [
  `PacketSize=${PACKET.toString(16)}`,
  ...['QStartNoAckMode+', 'multiprocess+', 'qXfer:features:read+', 'qXfer:auxv:read+'],
].join(';');
const NOTHING = '';
const REFUSED = 'E01';
const PAGE = 4096n;

/** Answers GDB's packets for a process that only stands there. */
export class StillAnswers {
  readonly #target: StillTarget;
  #thread: number;

  constructor(target: StillTarget) {
    this.#target = target;
    this.#thread = target.threads[0] ?? target.pid;
  }

  /** Null: nothing is to be answered. */
  async answer(body: Buffer): Promise<string | Buffer | null> {
    const text = unescapeBody(body).toString('latin1');
    const target = this.#target;
    if (text === 'k') return null;
    if (text.startsWith('qSupported')) return SUPPORTED;
    if (text.startsWith('qXfer:')) return this.#object(text);
    if (text[0] === 'm') return this.#memory(text);
    if (text[0] === 'H') return this.#choose(text.slice(2));
    if (text[0] === 'T') return target.threads.includes(threadIn(text.slice(1)) ?? -1) ? 'OK' : REFUSED;
    if (/^[GMXPcsCS]/.test(text)) return REFUSED;
    switch (text.split(/[;:]/, 1)[0]) {
      case '?':
        return `T05thread:${this.#id(this.#thread)};`;
      case 'g':
        return registerPacket(target.architecture, await target.registers(this.#thread));
      case 'qC':
        return `QC${this.#id(this.#thread)}`;
      case 'qfThreadInfo':
        return `m${target.threads.map((thread) => this.#id(thread)).join(',')}`;
      case 'qsThreadInfo':
        return 'l';
      case 'qAttached':
        return '1';
      case '!':
      case 'D':
      case 'vKill':
      case 'QStartNoAckMode':
        return 'OK';
      default:
        return NOTHING;
    }
  }

  #id(thread: number): string {
    return `p${this.#target.pid.toString(16)}.${thread.toString(16)}`;
  }

  #choose(id: string): string {
    const thread = threadIn(id);
    if (thread !== null && thread > 0) this.#thread = thread;
    return 'OK';
  }

  #object(text: string): string | Buffer {
    const [, object, annex, from16 = '0', length16 = '0'] =
      /^qXfer:(\w+):read:(.*?):([0-9a-f]+),([0-9a-f]+)$/.exec(text) ?? [];
    const whole =
      object === 'features' && annex === 'target.xml'
        ? Buffer.from(describeRegisters(this.#target.architecture))
        : object === 'auxv'
          ? Buffer.from(this.#target.auxiliary)
          : null;
    if (whole === null) return 'E00';
    const from = Number.parseInt(from16, 16);
    const part = whole.subarray(from, from + Math.min(Number.parseInt(length16, 16), PACKET / 2));
    const mark = from + part.length < whole.length ? 'm' : 'l';
    return Buffer.concat([Buffer.from(mark), part]);
  }

  /** As much of it as can be read from its beginning on. */
  async #memory(text: string): Promise<string> {
    const [from = '', size = ''] = text.slice(1).split(',');
    const address = BigInt(`0x${from}`);
    const length = Math.min(Number.parseInt(size, 16), PACKET / 2);
    const whole = await this.#target.read(address, length);
    if (whole) return Buffer.from(whole).toString('hex');
    const parts: string[] = [];
    for (let at = 0; at < length; ) {
      const begin = address + BigInt(at);
      const step = Math.min(Number(PAGE - (begin % PAGE)), length - at);
      const part = await this.#target.read(begin, step);
      if (!part) break;
      parts.push(Buffer.from(part).toString('hex'));
      at += step;
    }
    return parts.length === 0 ? REFUSED : parts.join('');
  }
}

/** `p59.5a`, `5a`; null: any, or all. */
function threadIn(id: string): number | null {
  const digits = id.split('.').at(-1) ?? '';
  return /^[0-9a-f]+$/.test(digits) ? Number.parseInt(digits, 16) : null;
}
