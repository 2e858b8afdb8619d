/** What follows from the rate of the line. A byte takes ten bits: one start, eight data, one stop. */
export interface LineShape {
  /** Bits a second. */
  readonly baud: number;
  readonly bytesPerSecond: number;
  /** Bytes of payload in a frame. */
  readonly payload: number;
  /** Frames that may be under way, and that a receiver holds for its reader. */
  readonly window: number;
  /** Bytes that a connection takes from its writer ahead of the line. */
  readonly queue: number;
  /** How long the largest frame takes, ms. */
  readonly frameMs: number;
  /** How long an acknowledgement waits for more to acknowledge, ms. */
  readonly ackMs: number;
}

/**
 * With one byte in 10,000 damaged, a frame of n bytes with 15 around it brings n / (n + 15) * 0.9999^(n + 15) of the
 * rate as payload; that is at its highest (0.93) from 350 to 420, and hardly lower at 480, which has less overhead
 * on a clean line. Slow lines have smaller ones, or a keystroke would wait half a second for the frame before it.
 * Above the rates of real wires (4 Mbaud) there are only programs at both ends, which damage nothing.
 */
export function shapeOf(baud: number): LineShape {
  const bytesPerSecond = baud / 10;
  const payload = baud > 4_000_000 ? 4096 : clamp(bytesPerSecond / 4, 64, 480);
  const frameMs = ((payload + 16) / bytesPerSecond) * 1000;
  return {
    baud,
    bytesPerSecond,
    payload,
    window: 256,
    queue: clamp(bytesPerSecond / 2, 1024, 256 << 10),
    frameMs,
    // On a slow line one for each frame would take a tenth of the other direction.
    ackMs: 5 + 2.5 * frameMs,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
