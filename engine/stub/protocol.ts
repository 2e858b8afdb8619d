import type { ChannelPosition } from '../../transports/channels/byte-channels.ts';
import type { SignalDisposition } from '../backend/types.ts';
import type {
  FolderListing,
  ImageFacts,
  MachineInfo,
  ProcessDetails,
  ProcessEntry,
} from '../machine/machine.ts';

/**
 * The contract between a process server and a smart client: JSON-RPC 2.0 on channel 0, raw bytes on the others
 * (transports/channels). Channels are numbered by the client, from 1, and never used again. Every request may be asked
 * again after a lost link: it does nothing twice.
 */
export interface StubRequests {
  /** First of all, on every connection. `resume`: the bytes that the client has had of each channel that it still uses. */
  'stub/begin': {
    params: { readonly resume: readonly ChannelPosition[] | null };
    result: StubWelcome;
  };
  'stub/processes': { params: Empty; result: { readonly processes: readonly ProcessEntry[] } };
  'stub/process': { params: { readonly pid: number }; result: { readonly process: ProcessDetails } };
  'stub/folder': { params: { readonly path: string }; result: { readonly folder: FolderListing } };
  'stub/program': {
    params: { readonly program: string; readonly cwd: string | null };
    result: { readonly image: ImageFacts };
  };
  'stub/images': {
    params: { readonly pid: number | null; readonly paths: readonly string[] };
    result: { readonly images: readonly (ImageFacts | null)[] };
  };
  /**
   * The file's bytes from `offset` on go through the channel as one gzip stream, which the server ends; an error after
   * the answer comes as `stub/channelFailed`. The client destroys the channel to cancel. `paced`: the client acknowledges
   * promptly, and the server sends no more at a time than leaves the link to everything else.
   */
  'stub/openFile': {
    params: {
      readonly channel: number;
      readonly path: string;
      readonly pid: number | null;
      readonly offset: number;
      readonly paced?: boolean | undefined;
    };
    result: { readonly size: number };
  };
  'stub/disposition': {
    params: { readonly pid: number; readonly signal: string };
    result: { readonly disposition: SignalDisposition };
  };
  /** See `Machine.look`; `data`: the file's bytes in base64, null for links and what cannot be read. */
  'stub/look': {
    params: { readonly paths: readonly string[] };
    result: {
      readonly files: readonly {
        readonly path: string;
        readonly link: string | null;
        readonly mode: number;
        readonly data: string | null;
      }[];
    };
  };
  /**
   * Starts a gdbserver. `channel` carries its packets, `terminal` what programs that it starts read and write;
   * `paced` is of the terminal, as in `stub/openFile`.
   */
  'stub/openDebugger': {
    params: { readonly channel: number; readonly terminal: number; readonly paced?: boolean | undefined };
    result: {
      /** `GNU gdbserver (Debian 13.1-3) 13.1`. */
      readonly version: string;
      /** True, or why programs started through it have no terminal to be typed at. */
      readonly input: true | string;
    };
  };
  /** Ends a gdbserver; what it still holds is let go and runs on. */
  'stub/closeDebugger': { params: { readonly channel: number }; result: Empty };
  /** SIGSTOP to the process that this gdbserver traces (TracerPid); none, or one that has just gone: nothing happens. */
  'stub/stopTarget': { params: { readonly channel: number }; result: Empty };
  /**
   * `holds`: SIGSTOP to a process that this gdbserver traces beside its own, a child, which stands then when it is let go;
   * false: SIGCONT to one that got it. Any other: nothing happens.
   */
  'stub/holdChild': {
    params: { readonly channel: number; readonly pid: number; readonly holds: boolean };
    result: Empty;
  };
  /**
   * At a KD connection server: opens a wire of its machine, which `trans` names as `-k` does; what is left out comes from
   * the server's environment. `channel` carries the stub's bytes. Rejects WIRE_TAKEN, and whatever opening it may.
   */
  'stub/openWire': {
    params: { readonly channel: number; readonly trans: string };
    result: WireFacts;
  };
  /** The break of a wire's own kind, a serial break; false: it has none, and 0x03 among the bytes is the way. */
  'stub/breakIn': { params: { readonly channel: number }; result: { readonly sent: boolean } };
  /** Wires that the server's machine seems to have. */
  'stub/wires': { params: Empty; result: { readonly wires: readonly WireOffer[] } };
  /** A channel that this end does not want any more. */
  'stub/closeChannel': { params: { readonly channel: number }; result: Empty };
  /** `.endpsrv`: the server ends; what its clients debug is let go. */
  'stub/endServer': { params: Empty; result: Empty };
  'stub/leave': { params: Empty; result: Empty };
  'stub/ping': { params: Empty; result: Empty };
}

export type Empty = Record<string, never>;

export interface WireFacts {
  /** As it was opened, with what the environment gave: `com:Port=COM1,Baud=57600`. */
  readonly trans: string;
  /** As it is named in errors. */
  readonly peer: string;
  readonly host: string;
  /** It loses nothing. */
  readonly reliable: boolean;
}

/** Something that a wire may lead through. */
export interface WireOffer {
  /** For `trans=`. */
  readonly trans: string;
  /** What it is: `USB Serial (ftdi_sio)`, `qemu-system-x86_64, process 4711`. */
  readonly title: string;
  /** In words, who uses it through this server; null: nobody. */
  readonly takenBy: string | null;
}

export interface StubWelcome {
  /** For the hello of a connection made after the link was lost. */
  readonly resumeToken: string;
  /** How long a client whose link was lost may come back, milliseconds. */
  readonly resumeWindow: number;
  /** Of a session that was resumed: what the server has had of each channel. Null: a new one. */
  readonly resumed: readonly ChannelPosition[] | null;
  readonly machine: MachineInfo;
  /** Hawser's version there. */
  readonly version: string;
  readonly implicitCommandLine: string | null;
}

/** Server to client. */
export interface StubNotifications {
  /** gdbserver wrote a line to its standard error. */
  'stub/debuggerSaid': { readonly channel: number; readonly line: string };
  /** gdbserver ended without being asked to. */
  'stub/debuggerEnded': { readonly channel: number; readonly how: string };
  /** As WireError in transports/errors. */
  'stub/channelFailed': {
    readonly channel: number;
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly action: string;
      readonly data: Readonly<Record<string, unknown>>;
    };
  };
}

export type StubMethod = keyof StubRequests;
