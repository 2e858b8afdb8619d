/**
 * What stands after `port=`: `com2`, `2`, or a device's path. The number means, as with Windows' own COM ports, the
 * machine's first, second, … port, which Linux counts from zero: `com1` is `/dev/ttyS0`. Other systems have no such
 * numbers and are given the path.
 */
const NUMBERED = /^(?:com)?(\d{1,3})$/i;
/** An absolute path; on Windows the device's own form. */
const DEVICE = /^(?:\/[^\0]+|\\\\\.\\[^\\\0]+)$/;

export const PORT_NAME_TAKES = 'a COM port or a device, as in port=com2, port=2 or port=/dev/ttyUSB0';

/** As the formatter writes it (`COM2`, `/dev/ttyUSB0`), or null for what is no port. */
export function readPortName(text: string): string | null {
  const number = NUMBERED.exec(text)?.[1];
  if (number !== undefined)
    return Number(number) >= 1 && Number(number) <= 256 ? `COM${Number(number)}` : null;
  return DEVICE.test(text) && !text.includes('//') ? text : null;
}

/** The device that a port's name means on this machine. */
export function devicePath(name: string, platform: NodeJS.Platform = process.platform): string {
  const number = NUMBERED.exec(name)?.[1];
  if (number === undefined || platform === 'win32') return name;
  if (platform === 'linux') return `/dev/ttyS${Number(number) - 1}`;
  return `/dev/cu.serial${number}`;
}
