import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { looksLike } from '../../../transports/hello/looks.ts';
import { stubErrors } from '../errors.ts';
import { StubFeatures, type StubName, stubName, takesPipelines } from '../rsp/features.ts';
import type { StubLine } from '../rsp/stub-line.ts';
import type { WireTrouble } from './reach.ts';

/** What a stub turned out to be. */
export interface BareFacts {
  readonly name: StubName;
  /** As it calls itself where it does: `lldb 14.0.6`. */
  readonly title: string;
  readonly features: StubFeatures;
  /** It has a process, or a machine, that is to be debugged. */
  readonly hasProcess: boolean;
  /** Other processes can be attached to, programs started. */
  readonly extended: boolean;
  /** It reads files for us (`vFile`). */
  readonly files: boolean;
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** As it is named in errors: `birch:1234`. */
  readonly peer: string;
  readonly silenceMs: number;
  /** A stream that loses nothing, as sockets are; false: a serial line. */
  readonly reliable: boolean;
  /** Of a wire to a kernel: it is broken into and asked again before it is given up. */
  readonly trouble: WireTrouble | null;
}

/** What came twice, because it was asked twice, has come by then, ms. */
const DRAIN_MS = 300;

/** GDB's own, sent later, stands beside it: a stub keeps what either asked for. */
const SUPPORTED = 'qSupported:multiprocess+;xmlRegisters=i386';

/** Finds out what is at the other end, in three waits at most where the stub takes several packets at once. */
export async function probe(line: StubLine, options: ProbeOptions): Promise<BareFacts> {
  const features = new StubFeatures(await firstAnswer(line, options));
  const name = stubName(features);
  if (features.has('QStartNoAckMode') && options.reliable) {
    const [answer] = await line.ask(['QStartNoAckMode']);
    if (answer === 'OK') line.endAcks();
  }
  line.pipelining = options.reliable && takesPipelines(name);
  const questions = ['?', '!', 'vFile:setfs:0', 'qGDBServerVersion'];
  // A stub that is asked one by one is asked for no more than is needed.
  const asked = line.pipelining ? questions : questions.slice(0, 2);
  const [stop = '', extended = '', files = '', version = ''] = await line.ask(asked);
  return {
    name,
    title: titleOf(name, version),
    features,
    hasProcess: /^[TS]/.test(stop),
    extended: extended === 'OK',
    files: files.startsWith('F'),
  };
}

function titleOf(name: StubName, version: string): string {
  const words = new Map(version.split(';').map((word) => word.split(':', 2) as [string, string]));
  const number = words.get('version');
  if (number) return `${name} ${number}`;
  return name === 'unknown' ? 'a stub that does not name itself' : name;
}

/** The one wait that may be in vain. */
function firstAnswer(line: StubLine, { signal, peer, silenceMs, trouble }: ProbeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    let tries = 0;
    let cause: Error | null = null;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      settle();
    };
    const isSilent = () => /^[+-]*$/.test(line.opening.toString('latin1'));
    const strange = () => {
      if (trouble && line.opening.length === 0) return trouble.ended(cause);
      if (!trouble || looksText(line.opening) !== '')
        return stubErrors.notAStub(peer, looksText(line.opening));
      return cause !== null || isSilent() ? trouble.ended(cause) : trouble.garbled();
    };
    const cancel = () => finish(() => reject(connectionErrors.cancelled()));
    const giveUp = () => {
      if (!isSilent()) return strange();
      return trouble ? trouble.silent() : stubErrors.stubSilent(peer, silenceMs / 1000);
    };
    const over = () => {
      tries++;
      if (!trouble || !isSilent() || (trouble.resets !== 0 && tries > trouble.resets))
        return finish(() => reject(giveUp()));
      if (tries === 1) trouble.waiting?.();
      // A kernel that runs hears nothing else.
      line.interrupt();
      again = setTimeout(() => line.again(), SETTLE_MS);
      timer = setTimeout(over, silenceMs);
    };
    let again: NodeJS.Timeout | undefined;
    let timer = setTimeout(over, silenceMs);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    line.onEnded((error) => {
      cause = error;
    });
    supported(line)
      .finally(() => clearTimeout(again))
      .then(
        (answer) =>
          finish(() => {
            if (tries === 0) resolve(answer);
            else setTimeout(() => resolve(answer), DRAIN_MS);
          }),
        () => finish(() => reject(strange())),
      );
  });
}

/**
 * A stub on a line tells first that its target has just stopped: over a socket that is known from the connection alone. QEMU's
 * has not heard what stopped it.
 */
async function supported(line: StubLine): Promise<string> {
  for (;;) {
    const [answer = ''] = await line.ask([SUPPORTED]);
    if (!/^[TS][0-9a-f]{2}(?:$|[^=+;-]*:)/.test(answer)) return answer;
  }
}

/** A kernel that was broken into listens by then, ms. */
const SETTLE_MS = 400;

const WORDS: Readonly<Record<string, string>> = {
  HTTP: 'it speaks HTTP',
  TLS: 'it speaks TLS',
  SSH: 'it is an SSH server',
  SMTP: 'it is a mail server (SMTP)',
  FTP: 'it is an FTP server',
  RPC: 'it speaks DCE RPC (Windows)',
  RDP: 'it speaks Remote Desktop',
  SMB: 'it speaks SMB (Windows file sharing)',
  closed: 'it closes the connection without an answer',
};

function looksText(opening: Buffer): string {
  return WORDS[looksLike(opening)] ?? '';
}
