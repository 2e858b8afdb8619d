/** What a stub says of itself in answer to `qSupported`. */
export class StubFeatures {
  readonly #words: ReadonlyMap<string, string>;
  /** Largest packet that the stub takes and sends, its frame left out. */
  readonly packetSize: number;

  constructor(answer: string) {
    this.#words = new Map(answer.split(';').map(wordOf));
    const size = Number.parseInt(this.#words.get('PacketSize') ?? '', 16);
    this.packetSize = Number.isInteger(size) && size >= MIN_PACKET ? Math.min(size, MAX_USED) : SMALL_PACKET;
  }

  has(name: string): boolean {
    return this.#words.get(name) === '+';
  }

  /** Objects can be read by `qXfer`: `features`, `threads`. */
  reads(object: string): boolean {
    return this.has(`qXfer:${object}:read`);
  }

  get isEmpty(): boolean {
    return this.#words.size === 0 || (this.#words.size === 1 && this.#words.has(''));
  }
}

/** What GDB takes for a stub that names no size. */
const SMALL_PACKET = 400;
const MIN_PACKET = 64;
const MAX_USED = 0x20000;

/** `name+`, `name-`, `name?`, `name=value`. */
function wordOf(word: string): [string, string] {
  const equals = word.indexOf('=');
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  return [word.slice(0, -1), word.slice(-1)];
}

/**
 * How a stub is told to let its target go. QEMU's hangs for good when it was detached from and no new connection comes, and
 * over a line none does: the target is resumed there, which is not answered.
 */
export function goodbye(name: StubName, lossy: boolean): 'D' | 'c' {
  return name === 'QEMU' && lossy ? 'c' : 'D';
}

export type StubName = 'gdbserver' | 'lldb-server' | 'valgrind' | 'QEMU' | 'rr' | 'unknown';

/** Which stub it is, by the features that only it has. A name that is not sure is `unknown`. */
export function stubName(features: StubFeatures): StubName {
  if (features.has('QThreadSuffixSupported') && features.has('native-signals')) return 'lldb-server';
  if (features.has('QStartupWithShell') && features.has('QProgramSignals')) return 'gdbserver';
  if (features.has('qXfer:exec-file:read') && features.has('QCatchSyscalls') && features.has('QPassSignals'))
    return 'valgrind';
  if (features.has('ReverseStep') && features.has('QStartNoAckMode')) return 'rr';
  if (features.has('vContSupported') && features.has('multiprocess') && !features.has('QStartNoAckMode'))
    return 'QEMU';
  return 'unknown';
}

/** Those that read their packets out of a buffer one after the other, however many are in it. */
export function takesPipelines(name: StubName): boolean {
  return name !== 'unknown';
}
