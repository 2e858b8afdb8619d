const SERIAL = 'com:port=/dev/ttyUSB0,baud=115200';
const STUB = 'gdb:server=HOST,port=PORT';
const PIPE = 'com:pipe,port=PATH';

/** WinDbg's other wires, by their word in lower case: what each is, and what comes nearest to it. */
export const foreignWires: Readonly<Record<string, { readonly what: string; readonly nearest: string }>> = {
  '1394': { what: 'a FireWire cable to a Windows kernel', nearest: SERIAL },
  usb: { what: 'a USB debug cable to a Windows kernel', nearest: SERIAL },
  usb2: { what: 'a USB 2 debug cable to a Windows kernel', nearest: SERIAL },
  usb3: { what: 'a USB 3 debug cable to a Windows kernel', nearest: SERIAL },
  net: { what: 'the network wire of a Windows kernel (KDNET)', nearest: STUB },
  eb: { what: 'the wire of a Windows boot debugger', nearest: STUB },
  exdi: { what: "a COM server in front of a GDB stub (WinDbg's EXDI)", nearest: STUB },
  hvsocket: { what: 'a socket of Hyper-V', nearest: PIPE },
  vm: { what: 'a virtual machine of Hyper-V', nearest: PIPE },
  local: { what: "Windows' debugging of the machine's own kernel", nearest: STUB },
};

export const MODEM = { what: 'a modem to a Windows kernel', nearest: SERIAL } as const;

/** Protocols that lead to servers of Hawser's. */
export const REACHES_A_SERVER: ReadonlySet<string> = new Set(['tcp', 'npipe', 'ssl', 'spipe']);
