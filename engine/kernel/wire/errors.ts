import { HawserError } from '../../../transports/errors/error.ts';

/** The closed set of errors of the wires that lead to kernels: one factory each. */
export const wireErrors = {
  /** A form that WinDbg has. One line; `offset` and `length` point into the string. */
  unsupportedWire: (word: string, what: string, nearest: string) => {
    const reason = `${word} is ${what}, which Hawser does not speak; the nearest form is ${nearest}`;
    return new HawserError('UNSUPPORTED_WIRE', reason, '', {
      offset: 0,
      length: word.length,
      word,
      reason,
      nearest,
    });
  },
  /** `machine`: where the wire is; '' for this one. */
  wirePortMissing: (machine: string) =>
    new HawserError(
      'WIRE_PORT_MISSING',
      `The wire's port is not known: port= is left out, and _NT_DEBUG_PORT is not set on ${machine || 'this machine'}.`,
      'Write it, as in com:port=/dev/ttyUSB0,baud=115200, or set the variable there.',
      { machine },
    ),
  wireVariable: (name: string, value: string) =>
    new HawserError(
      'WIRE_VARIABLE',
      `The variable ${name} is '${value}', which it cannot be.`,
      name.endsWith('PORT')
        ? 'It is a serial port, such as com1 or /dev/ttyUSB0.'
        : 'It is a number of bits a second, such as 115200.',
      { name, value },
    ),
  wirePipe: (path: string, why: string) =>
    new HawserError(
      'WIRE_PIPE_FAILED',
      `The pipe ${path} cannot be opened: ${why}.`,
      'Start the virtual machine first, or add reconnect to wait for it. QEMU makes such a pipe with -serial unix:PATH,server=on,wait=off or -serial pipe:PATH.',
      { path },
    ),
  /** `who`: HOST\user (tcp 192.0.2.5:50001). */
  wireTaken: (wire: string, who: string) =>
    new HawserError(
      'WIRE_TAKEN',
      `${wire} is in use: ${who} debugs a kernel through it.`,
      'Ask for a session to join (.server there, -remote here), or for it to be ended.',
      { wire, who },
    ),
  /** Asked and asked again; `hint` for this kind of wire. */
  wireSilent: (peer: string, seconds: number, hint: string) =>
    new HawserError(
      'WIRE_SILENT',
      `No answer from the stub at ${peer} within ${seconds} seconds: the way there is open, and nothing comes back.`,
      hint,
      { peer, seconds },
    ),
  wireGarbled: (peer: string, hint: string) =>
    new HawserError(
      'WIRE_GARBLED',
      `Garbage on the line from ${peer}: what comes are no whole packets of GDB's remote protocol.`,
      hint,
      { peer },
    ),
  wireReset: (peer: string) =>
    new HawserError(
      'WIRE_RESET',
      `${peer} has reset the connection: the target, or the stub in front of it, threw it away.`,
      'Look whether the virtual machine or probe still runs, then connect again.',
      { peer },
    ),
  wireClosed: (peer: string) =>
    new HawserError(
      'WIRE_CLOSED',
      `${peer} has closed the connection: the stub, or the target with it, has ended.`,
      'Start the virtual machine or probe again, then connect again.',
      { peer },
    ),
  targetRebooted: (peer: string) =>
    new HawserError(
      'TARGET_REBOOTED',
      `The target at ${peer} has rebooted: what was known of it does not hold any more.`,
      'It is met again by itself as soon as it answers.',
      { peer },
    ),
} as const;

/** After which a wire may be there again: what ended is this connection, and not the way. */
export const COMES_BACK: ReadonlySet<string> = new Set([
  'WIRE_SILENT',
  'WIRE_GARBLED',
  'WIRE_RESET',
  'WIRE_CLOSED',
  'TARGET_REBOOTED',
  'LINK_LOST',
  'STUB_DIED',
]);
