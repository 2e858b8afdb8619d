/** How bytes are put together, the lowest first, and how what is typed over a cell becomes a command. */
export interface MemoryFormat {
  readonly id: string;
  readonly text: string;
  /** Bytes of a cell; null: as a pointer has. */
  readonly size: number | null;
  /** Characters that a cell takes. */
  readonly width: number;
  /** What can be typed. */
  readonly key: RegExp;
  /** As many characters are a whole value; null: ENTER ends it. */
  readonly whole: number | null;
  show(bytes: readonly string[]): string;
  /** Of what has been typed; null: it is no value. */
  command(address: string, typed: string): string | null;
}

const UNREADABLE = '??';
const hex = (bytes: readonly string[]) => [...bytes].reverse().join('');
const isReadable = (bytes: readonly string[]) => !bytes.includes(UNREADABLE);

/** Digits as a number has them, the highest first; `??` for each byte that cannot be read. */
function whole(id: string, text: string, size: number, command: string): MemoryFormat {
  return {
    id,
    text,
    size,
    width: size * 2,
    key: /^[0-9a-f]$/i,
    whole: size * 2,
    show: hex,
    command: (address, typed) => `${command} ${address} 0x${typed}`,
  };
}

function floating(id: string, text: string, size: 4 | 8, command: string): MemoryFormat {
  return {
    id,
    text,
    size,
    width: size === 4 ? 13 : 22,
    key: /^[0-9.e+-]$/i,
    whole: null,
    show: (bytes) => (isReadable(bytes) ? number(bytes, size) : UNREADABLE),
    command: (address, typed) => (Number.isFinite(Number(typed)) ? `${command} ${address} ${typed}` : null),
  };
}

function number(bytes: readonly string[], size: 4 | 8): string {
  const view = new DataView(new ArrayBuffer(8));
  for (const [at, byte] of bytes.entries()) view.setUint8(at, Number.parseInt(byte, 16));
  if (size === 8) return String(view.getFloat64(0, true));
  // As many digits as tell one from another.
  return String(Number(view.getFloat32(0, true).toPrecision(9)));
}

/** What prints of a code; a dot for the rest. */
export function character(code: number): string {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) return '.';
  return String.fromCharCode(code);
}

function characters(id: string, text: string, size: 1 | 2, command: string): MemoryFormat {
  return {
    id,
    text,
    size,
    width: 1,
    key: /^[^\p{C}]$/u,
    whole: 1,
    show: (bytes) => {
      if (!isReadable(bytes)) return '?';
      const code = Number.parseInt(hex(bytes), 16);
      return size === 1 && code > 0x7e ? '.' : character(code);
    },
    command: (address, typed) => `${command} ${address} 0x${typed.charCodeAt(0).toString(16)}`,
  };
}

export const memoryFormats: readonly MemoryFormat[] = [
  whole('b', 'Bytes', 1, 'eb'),
  whole('w', 'Words (2 bytes)', 2, 'ew'),
  whole('d', 'Double words (4 bytes)', 4, 'ed'),
  whole('q', 'Quad words (8 bytes)', 8, 'eq'),
  floating('f', 'Float (4 bytes)', 4, 'ef'),
  floating('D', 'Double (8 bytes)', 8, 'eD'),
  { ...whole('p', 'Pointers and symbols', 8, 'ep'), size: null, width: 16, whole: null },
  characters('a', 'ASCII', 1, 'eb'),
  characters('u', 'UTF-16', 2, 'ew'),
];

const [bytes] = memoryFormats as readonly [MemoryFormat];

export const formatNamed = (id: string): MemoryFormat =>
  memoryFormats.find((format) => format.id === id) ?? bytes;
