import { type ChildProcess, spawn } from 'node:child_process';
import type { Gdbserver } from './gdbserver.ts';

/** Changes within this time are told to the keeper together, milliseconds. */
const GATHER_MS = 50;

/**
 * Reads the last will, a line each time it changes: bodies of packets. When the line ends without `end`, the server was
 * killed: what gdbserver (process $1) holds is stopped, freed of breakpoints and detached, then gdbserver, which would spin
 * on its closed input, is ended. Files 3 and 4 are gdbserver's input and output.
 */
const SCRIPT = `
trap '' HUP INT TERM PIPE
will=
while IFS= read -r line; do will=$line; done
[ "$will" = end ] && exit 0
held() { grep -l "^TracerPid:[[:space:]]*$1\\$" /proc/[0-9]*/status 2>/dev/null | sed 's/[^0-9]//g'; }
state() { sed -n 's/^State:[[:space:]]*\\(.\\).*/\\1/p' "/proc/$1/status" 2>/dev/null; }
packet() {
  sum=0 rest=$1
  while [ -n "$rest" ]; do
    tail=\${rest#?}
    sum=$(( (sum + $(printf %d "'\${rest%"$tail"}")) % 256 ))
    rest=$tail
  done
  printf '$%s#%02x' "$1" $sum >&3
  sleep 0.05
  printf '+' >&3
}
pids=$(held "$1")
if [ -n "$pids" ]; then
  (until cat <&4 >/dev/null 2>&1; do sleep 0.05; done) &
  for pid in $pids; do [ "$(state $pid)" = t ] || kill -STOP $pid; done
  for pid in $pids; do
    tries=0
    until [ "$(state $pid)" = t ] || [ $tries -gt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  done
  sleep 0.1
  printf '+' >&3
  for body in $will; do packet "$body"; done
  for pid in $pids; do packet "D;$(printf %x $pid)"; done
  tries=0
  until [ -z "$(held "$1")" ] || [ $tries -gt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  for pid in $pids; do [ "$(state $pid)" = T ] && kill -CONT $pid; done
fi
kill -KILL "$1"
`;

/** What lets the target go when this server is killed: a shell that waits for it. */
export class Keeper {
  readonly #child: ChildProcess | null;
  readonly #will: () => readonly string[];
  #timer: NodeJS.Timeout | null = null;
  #ended = false;

  /** @param will bodies of the packets that free the target, in order */
  constructor({ child, input, output }: Gdbserver, will: () => readonly string[]) {
    this.#will = will;
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'hawser-keeper', String(child.pid)], {
      stdio: ['pipe', 'ignore', 'ignore', input, output],
      detached: true,
      cwd: '/',
    });
    this.#child.on('error', () => undefined);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.unref();
  }

  /** The will has changed. */
  changed(): void {
    if (this.#ended) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#tell(this.#will().join(' '));
    }, GATHER_MS).unref();
  }

  /** Nothing is left to keep. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#tell('end');
    this.#child?.stdin?.end();
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
