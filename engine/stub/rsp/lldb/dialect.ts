import { stubErrors } from '../../errors.ts';
import type { Dialect, Translated } from '../dialect.ts';
import { chunkOfObject, objectRead } from '../objects-cache.ts';
import { describe, digitsOf, type MappedRegister, mapRegisters } from './registers.ts';
import { SIGSTOP, toGdbSignal, toNativeSignal } from './signals.ts';

const hex = (number: number) => number.toString(16).padStart(2, '0');
const same = (text: string) => text;

/** Answered from here; something harmless is asked, so that the order of answers stays. */
const HARMLESS = 'qC';
const SIGINT_STOP = '02';
const TRAP_STOP = '05';

/**
 * lldb-server as GDB wants a stub to be. It describes and orders its registers in LLDB's own way, names signals by the
 * system's numbers, and says its packet size in decimal.
 */
export class LldbDialect implements Dialect {
  readonly #registers: readonly MappedRegister[];
  readonly #description: Buffer;
  readonly #program: Buffer;
  #interrupted = false;

  /**
   * @param description the stub's own, of its registers
   * @param program of its process; '' where not known
   * @throws HawserError `STUB_UNSUPPORTED`
   */
  constructor(title: string, description: string, program: string) {
    const registers = mapRegisters(description);
    if (!registers) {
      const architecture = /<architecture>([\w:-]{1,40})<\/architecture>/.exec(description)?.[1] ?? 'unknown';
      throw stubErrors.stubUnsupported(
        title,
        `its registers (${architecture}) are described in LLDB's way, which GDB does not take, and only those of x86_64 are known here`,
        'Use gdbserver on that machine.',
      );
    }
    this.#registers = registers;
    this.#program = Buffer.from(program);
    this.#description = Buffer.from(describe(registers));
  }

  interrupted(): void {
    this.#interrupted = true;
  }

  translate(body: string): Translated | null {
    switch (body[0]) {
      case 'g':
        return body.length === 1 ? { send: body, answer: (text) => this.#all(text) } : null;
      case 'p':
        return this.#one(Number.parseInt(body.slice(1), 16));
      case 'P':
        return this.#write(body);
      case 'G':
        // GDB has `P`.
        return { send: HARMLESS, answer: () => '' };
      case 'T':
        return {
          send: `qThreadStopInfo${body.slice(1)}`,
          answer: (text) => (text[0] === 'T' ? 'OK' : 'E01'),
        };
      case '?':
        return { send: body, answer: (text) => this.#stop(text, true) };
      case 'v':
        return body.startsWith('vCont;') ? this.#resume(body) : this.#stopped(body, /^v(Attach|Run);/);
      case 'c':
      case 's':
      case 'C':
      case 'S':
        return { send: nativeLegacy(body), answer: (text) => this.#stop(text) };
      case 'q':
        return this.#query(body);
      case 'Q':
        // Their numbers are the system's: GDB looks at signals itself instead.
        return /^Q(PassSignals|ProgramSignals)/.test(body) ? { send: HARMLESS, answer: () => '' } : null;
      default:
        return null;
    }
  }

  #query(body: string): Translated | null {
    if (body.startsWith('qSupported'))
      return { send: body, answer: (text) => features(text, this.#program.length > 0) };
    const read = objectRead(body);
    const whole = { features: this.#description, 'exec-file': this.#program }[read?.object ?? ''];
    return read && whole ? { send: HARMLESS, answer: () => chunkOfObject(whole, read) } : null;
  }

  #all(text: string): string {
    if (text[0] === 'E' || text === '') return text;
    return this.#registers.map((register) => digitsOf(register, text)).join('');
  }

  #one(number: number): Translated {
    const register = this.#registers[number];
    if (!register) return { send: HARMLESS, answer: () => 'E01' };
    return { send: 'g', answer: (text) => (text[0] === 'E' ? text : digitsOf(register, text)) };
  }

  #write(body: string): Translated | null {
    const [number = '', digits = ''] = body.slice(1).split('=');
    const register = this.#registers[Number.parseInt(number, 16)];
    // GDB writes it beside each new program counter, so that no system call is begun again: the stub sees to that.
    if (register?.name === 'orig_rax') return { send: HARMLESS, answer: () => 'OK' };
    // Half a register cannot be written without the other.
    if (!register?.from || register.skip > 0) return { send: HARMLESS, answer: () => 'E01' };
    const size = register.from.size * 2;
    return {
      send: `P${register.from.number.toString(16)}=${digits.padEnd(size, '0').slice(0, size)}`,
      answer: same,
    };
  }

  #resume(body: string): Translated {
    const send = body.replace(/;([CS])([0-9a-f]{2})/g, (_, how: string, signal: string) => {
      const native = toNativeSignal(Number.parseInt(signal, 16));
      return native === 0 ? `;${how.toLowerCase()}` : `;${how}${hex(native)}`;
    });
    return { send, answer: (text) => this.#stop(text) };
  }

  #stopped(body: string, which: RegExp): Translated | null {
    return which.test(body) ? { send: body, answer: (text) => this.#stop(text, true) } : null;
  }

  /** `first`: of a target that was stopped for us, by a signal that is not its own. */
  #stop(text: string, first = false): string {
    const kind = text[0];
    if (kind === 'X') return `X${hex(toGdbSignal(Number.parseInt(text.slice(1, 3), 16)))}`;
    if (kind === 'W') return text.slice(0, 3);
    if (kind !== 'T') return text;
    const native = Number.parseInt(text.slice(1, 3), 16);
    const interrupted = this.#interrupted && native === SIGSTOP;
    this.#interrupted = false;
    const signal =
      first && native === SIGSTOP ? TRAP_STOP : interrupted ? SIGINT_STOP : hex(toGdbSignal(native));
    const words = pairs(text.slice(3));
    const value = (name: string) => words.find(([key]) => key === name)?.[1];
    const out = [...this.#expedited(words), ...reason(value('reason'), value('description'))];
    const thread = value('thread');
    if (thread !== undefined) out.push(`thread:${thread}`);
    return `T${signal}${out.map((word) => `${word};`).join('')}`;
  }

  /** Their numbers are LLDB's; only those that GDB has whole are passed on. */
  #expedited(words: readonly (readonly [string, string])[]): string[] {
    return words.flatMap(([key, digits]) => {
      if (!/^[0-9a-f]{2}$/.test(key)) return [];
      const number = this.#registers.findIndex(({ from }) => from?.number === Number.parseInt(key, 16));
      const register = this.#registers[number];
      if (!register || register.size * 2 !== digits.length) return [];
      return [`${hex(number)}:${digits}`];
    });
  }
}

function pairs(text: string): (readonly [string, string])[] {
  return text.split(';').map((word) => {
    const colon = word.indexOf(':');
    return [word.slice(0, colon), word.slice(colon + 1)] as const;
  });
}

/** The stub has set the program counter back to the breakpoint itself, which GDB is told by `swbreak`. */
function reason(kind: string | undefined, description: string | undefined): string[] {
  if (kind === 'breakpoint') return ['swbreak:'];
  if (kind !== 'watchpoint' || description === undefined) return [];
  const [address = ''] = Buffer.from(description, 'hex').toString('latin1').split(' ');
  return /^\d{1,20}$/.test(address) ? [`watch:${BigInt(address).toString(16)}`] : [];
}

function nativeLegacy(body: string): string {
  if (body[0] !== 'C' && body[0] !== 'S') return body;
  return `${body[0]}${hex(toNativeSignal(Number.parseInt(body.slice(1, 3), 16)))}${body.slice(3)}`;
}

const KEPT = /^(QStartNoAckMode\+|qXfer:(features|auxv|libraries-svr4):read\+)$/;
/** 128 KiB, which some versions write in decimal. */
const PACKET_SIZE = 'PacketSize=20000';

function features(text: string, hasProgram: boolean): string {
  const kept = text.split(';').filter((word) => KEPT.test(word));
  const program = hasProgram ? ['qXfer:exec-file:read+'] : [];
  return [PACKET_SIZE, ...kept, ...program, 'swbreak+', 'vContSupported+'].join(';');
}
