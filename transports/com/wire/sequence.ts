/**
 * Sequence numbers count on here and have 16 bits on the wire: the number nearest to `near` that ends in them.
 * Right as long as both ends are less than 32,768 apart; windows are far smaller.
 */
export function unwrap(wire: number, near: number): number {
  return near + (((wire - near) << 16) >> 16);
}
