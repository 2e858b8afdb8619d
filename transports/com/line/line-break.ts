import { setTimeout as sleep } from 'node:timers/promises';

/** How long the line is held low, ms: longer than a character at any rate that is in use, as `tcsendbreak` does it. */
const BREAK_MS = 250;

/** What holds a port's line low and lets it go again. */
export interface BreakPort {
  set(flags: { readonly brk: boolean }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Sends the serial break (TIOCSBRK, TIOCCBRK) over a port that is open already.
 * @throws what the system says; pseudo-terminals have no line that could be held low
 */
export async function sendLineBreak(
  path: string,
  baud: number,
  open: (path: string, baud: number) => Promise<BreakPort> = openBeside,
): Promise<void> {
  const port = await open(path, baud);
  try {
    await port.set({ brk: true });
    await sleep(BREAK_MS);
    await port.set({ brk: false });
  } finally {
    await port.close();
  }
}

/** The same settings once more, beside the descriptor that carries the data. */
async function openBeside(path: string, baud: number): Promise<BreakPort> {
  const { SerialPort } = await import('serialport');
  return SerialPort.binding.open({
    path,
    baudRate: baud,
    lock: false,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    rtscts: false,
    xon: false,
    xoff: false,
    hupcl: false,
  });
}
