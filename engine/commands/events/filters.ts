import type { EventStops, SignalInfo, Stop } from '../../backend/types.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { signalName } from '../../machine/signals.ts';
import type { Caller } from '../host.ts';

/** break: at the first chance; second: at the second chance alone; output: a line; ignore: nothing. */
export type BreakStatus = 'break' | 'second' | 'output' | 'ignore';

export interface EventCommands {
  readonly text: string;
  /** Whose rights they run with. */
  readonly owner: Caller;
}

/** What is done about one kind of event; see {@link EVENTS}. */
export interface EventFilter {
  readonly code: string;
  readonly title: string;
  status: BreakStatus;
  /** Of exceptions: `g` takes it for handled. Null: it is none. */
  handled: boolean | null;
  /** Only for what matches; '' for all. */
  pattern: string;
  first: EventCommands | null;
  second: EventCommands | null;
}

type Default = readonly [code: string, title: string, status: BreakStatus, handled: boolean | null];

const DEFAULTS: readonly Default[] = [
  ['ct', 'Create thread', 'ignore', null],
  ['et', 'Exit thread', 'ignore', null],
  ['cpr', 'Create process', 'ignore', null],
  ['epr', 'Exit process', 'ignore', null],
  ['ld', 'Load module', 'output', null],
  ['ud', 'Unload module', 'output', null],
  ['out', 'Debuggee output', 'ignore', null],
  ['ibp', 'Initial breakpoint', 'break', null],
  ['av', 'Access violation', 'break', false],
  ['asrt', 'Assertion failure', 'break', false],
  ['bpe', 'Break instruction exception', 'break', true],
  ['cce', 'Control-C exception', 'break', false],
  ['dm', 'Data misaligned', 'break', false],
  ['dz', 'Integer divide-by-zero', 'break', false],
  ['c000008e', 'Floating-point division by zero', 'break', false],
  ['iov', 'Integer overflow', 'break', false],
  ['eh', 'C++ EH exception', 'second', false],
  ['ii', 'Illegal instruction', 'second', false],
  ['ip', 'In-page I/O error', 'break', false],
  ['isc', 'Invalid system call', 'break', false],
  ['3c', 'Child application termination', 'ignore', false],
  ['*', 'Other exception', 'second', false],
];

/** Events of Windows that nothing on Linux stands for, with what comes closest. */
export const WINDOWS_ONLY: Readonly<Record<string, string>> = {
  ch: 'Linux reports bad descriptors to the program alone (EBADF)',
  hc: 'Linux reports bad descriptors to the program alone (EBADF)',
  clr: 'no .NET exceptions are told',
  clrn: 'no .NET exceptions are told',
  gp: 'a guard page is an access violation here: av',
  sov: 'a stack overflow is an access violation here: av',
  sbo: 'a smashed stack ends in an assertion failure here: asrt',
  sse: 'single steps are the debugger’s own',
  ssec: 'single steps are the debugger’s own',
  iml: 'it is for kernels: ld tells of modules',
  ser: 'there are no system errors',
  vcpp: 'there is no such exception',
  dbce: 'there is no such exception',
  wkd: 'there is no such exception',
  wob: 'there is no such exception',
  wos: 'there is no such exception',
  aph: 'there is no such exception',
  lsq: 'there is no such exception',
};

/** These come all the time, and programs expect them: no stop unless they are asked for. */
const QUIET = 'SIGALRM SIGURG SIGIO SIGPOLL SIGVTALRM SIGPROF SIGWINCH SIGCHLD SIGPRIO'.split(' ');

/** The event codes of signals; of some by their si_code. */
function codesOf({ name, code }: SignalInfo): string {
  if (name === 'SIGBUS') return code === 1 ? 'dm' : 'ip';
  if (name === 'SIGFPE') return code === 2 ? 'iov' : code === 3 ? 'c000008e' : 'dz';
  return SIGNALS[name] ?? '*';
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGSEGV: 'av',
  SIGABRT: 'asrt',
  SIGTRAP: 'bpe',
  SIGINT: 'cce',
  SIGILL: 'ii',
  SIGSYS: 'isc',
  SIGCHLD: '3c',
};

/** What `sx` shows and sets, for all targets of a session. */
export class EventFilters {
  #filters = new Map<string, EventFilter>();

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#filters = new Map(
      DEFAULTS.map(([code, title, status, handled]) => [
        code,
        { code, title, status, handled, pattern: '', first: null, second: null },
      ]),
    );
  }

  /** What is done about the initial break of a target. */
  get initial(): EventFilter {
    return this.#get('ibp');
  }

  /** In the order of `sx`: events, exceptions, those of signals by name, all others. */
  all(): readonly EventFilter[] {
    const rest = this.#get('*');
    return [...[...this.#filters.values()].filter((filter) => filter !== rest), rest];
  }

  get(code: string): EventFilter | undefined {
    return this.#filters.get(code);
  }

  #get(code: string): EventFilter {
    const filter = this.#filters.get(code);
    if (!filter) throw new Error(`There is no event ${code}`);
    return filter;
  }

  /** That of a signal of its own, made when it is first set. */
  ofSignal(name: string): EventFilter {
    const code = SIGNALS[name];
    if (code !== undefined) return this.#get(code);
    if (name === 'SIGBUS') return this.#get('ip');
    if (name === 'SIGFPE') return this.#get('dz');
    const known = this.#filters.get(name);
    if (known) return known;
    const { status, handled } = this.#get('*');
    const made = {
      code: name,
      title: `Signal ${name}`,
      status,
      handled,
      pattern: '',
      first: null,
      second: null,
    };
    this.#filters.set(name, made);
    return made;
  }

  /** What is done about a signal that has come. */
  forSignal(signal: SignalInfo): EventFilter {
    const own = this.#filters.get(signal.name);
    if (own) return own;
    const code = codesOf(signal);
    const filter = this.#get(code);
    return code === '*' && QUIET.includes(signal.name)
      ? { ...filter, status: 'ignore', first: null }
      : filter;
  }

  /** That of a stop which is an event; null: it is none. */
  forStop(stop: Stop): EventFilter | null {
    switch (stop.reason) {
      case 'signal':
        return stop.signal ? this.forSignal(stop.signal) : null;
      case 'forked':
      case 'exec':
        return this.#get('cpr');
      case 'exiting':
        return this.#get('epr');
      case 'thrown':
        return this.#get('eh');
      default:
        return null;
    }
  }

  /** `forks`: they are wanted for something else too. */
  stops(forks: boolean): EventStops {
    const wanted = (code: string): boolean => {
      const { status, first } = this.#get(code);
      return status === 'break' || first !== null;
    };
    const told = (code: string): boolean => wanted(code) || this.#get(code).status === 'output';
    const { status, first } = this.#get('eh');
    return {
      forks: told('cpr') || forks,
      execs: told('cpr'),
      exits: wanted('epr'),
      // Nobody but the program knows whether a throw will be caught: its second chance is an abort.
      throws: status === 'break' || status === 'output' || first !== null,
      modules: wanted('ld') || wanted('ud'),
      silentSignals: this.#silent(),
    };
  }

  #silent(): readonly string[] {
    const names = [...Object.keys(SIGNALS), 'SIGBUS', 'SIGFPE', ...this.#filters.keys(), ...QUIET];
    return [...new Set(names)]
      .filter((name) => name.startsWith('SIG') && !['SIGTRAP', 'SIGINT', 'SIGBUS', 'SIGFPE'].includes(name))
      .filter((name) => {
        const { status, first, second } = this.forSignal({ name, number: 0 });
        return status === 'ignore' && first === null && second === null;
      });
  }

  /** Whether what an event is about is what its filter is for. */
  static matches({ pattern }: EventFilter, subject: string): boolean {
    if (pattern === '') return true;
    const base = subject.slice(subject.lastIndexOf('/') + 1);
    return [subject, base].some(
      (text) => matchesWildcard(pattern, text) || matchesWildcard(`${pattern}.so*`, text),
    );
  }
}

/** `SIGUSR1` for its name in any form or its number; null: there is none. */
export function signalOf(text: string): string | null {
  if (/^\d+$/.test(text)) {
    const name = signalName(Number(text));
    return /^SIG[A-Z]/.test(name) ? name : null;
  }
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  return NAMES.has(name) || /^SIGRTM(IN|AX)|^SIG3[2-9]$|^SIG[4-6]\d$/.test(name) ? name : null;
}

const NAMES: ReadonlySet<string> = new Set(
  Array.from({ length: 31 }, (_, index) => signalName(index + 1)).filter((name) => name.startsWith('SIG')),
);
