import type { RspPacket } from './packets.ts';

/** What becomes of the answers to a packet of GDB's. */
export type RequestKind =
  /** One answer. */
  | 'plain'
  /** The target runs until the answer; console output and file requests of the target come before it. */
  | 'resume'
  /** Console output comes before the answer. */
  | 'monitor'
  /** No answer. */
  | 'untold';

const RESUMES = ['vCont;', 'vRun;', 'vAttach;'];

export function kindOf(body: Buffer): RequestKind {
  switch (body[0]) {
    case 0x76: // v
      return RESUMES.some((name) => startsWith(body, name)) ? 'resume' : 'plain';
    case 0x63: // c
    case 0x43: // C
    case 0x73: // s
    case 0x53: // S
      return 'resume';
    case 0x6b: // k
    case 0x52: // R
    case 0x46: // F, an answer itself
      return 'untold';
    case 0x71: // q
      return startsWith(body, 'qRcmd,') ? 'monitor' : 'plain';
    default:
      return 'plain';
  }
}

export function startsWith(body: Buffer, text: string): boolean {
  return body.length >= text.length && body.toString('latin1', 0, text.length) === text;
}

/** Whether a packet answers a request of a kind, or only comes before its answer. */
export function isAnswer(kind: RequestKind, packet: RspPacket): boolean {
  if (kind === 'plain') return true;
  const { body } = packet;
  if (body[0] === 0x4f) return body.length === 2 && body[1] === 0x4b; // O, but OK
  return !(kind === 'resume' && body[0] === 0x46); // F
}

/** Packets that change nothing that is kept. Everything else may. */
const READS =
  /^(?:[gmxpT?]|H[gc]|q(?!Rcmd|Xfer:[^:]+:write)|vCont\?|vMustReplyEmpty|vFile:|Q(?:PassSignals|ProgramSignals|CatchSyscalls|ThreadEvents|StartNoAckMode|NonStop:0)|j)/;

export function readsOnly(text: string): boolean {
  return READS.test(text);
}

/** Packets that mean the chosen thread, or its process. */
export function dependsOnThread(text: string): boolean {
  return !/^(?:H|T|vFile:|vCont\?|vMustReplyEmpty|qThreadExtraInfo|qGetTLSAddr|q[fs]ThreadInfo|qSupported)/.test(
    text,
  );
}
