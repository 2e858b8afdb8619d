/** What gdbserver always agrees to: nobody need wait for it to say so. */
const AGREES =
  /^(?:!$|Q(?:ProgramSignals|PassSignals|EnvironmentHexEncoded|EnvironmentUnset|SetWorkingDir):|QEnvironmentReset$|QNonStop:0$|Q(?:DisableRandomization|StartupWithShell):[01]$)/;

export function gdbserverAgrees(text: string): boolean {
  return AGREES.test(text);
}

/** gdbserver shows memory as it is without its breakpoints: to insert and remove them changes nothing that can be read. */
export function hidesBreakpoints(text: string): boolean {
  return /^[Zz][0-4],/.test(text);
}

/** What GDB asks a gdbserver for that has no process yet, after `qSupported`; the first stays true. */
export const GREETING = { vCont: 'vCont?', rest: ['Hgp0.0', '?'] };
