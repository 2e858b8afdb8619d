import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** @param {number} size @param {(view: Buffer) => void} fill */
const record = (size, fill) => {
  const bytes = Buffer.alloc(size);
  fill(bytes);
  return bytes;
};

/**
 * What a local and a central header have in common, from its version on; stored, dated 1980, named in UTF-8.
 * @param {Buffer} bytes @param {number} at @param {Entry} entry
 */
function common(bytes, at, { name, size, sum }) {
  bytes.writeUInt16LE(20, at);
  bytes.writeUInt16LE(0x800, at + 2);
  bytes.writeUInt32LE(0x00210000, at + 6);
  bytes.writeUInt32LE(sum, at + 10);
  bytes.writeUInt32LE(size, at + 14);
  bytes.writeUInt32LE(size, at + 18);
  bytes.writeUInt16LE(name.length, at + 22);
}

/** @typedef {{ name: Buffer, size: number, sum: number, mode: number, offset: number }} Entry */

/** @param {Entry} entry */
const localHeader = (entry) =>
  record(30, (bytes) => {
    bytes.writeUInt32LE(0x04034b50, 0);
    common(bytes, 4, entry);
  });

/** @param {Entry} entry */
const centralHeader = (entry) =>
  record(46, (bytes) => {
    bytes.writeUInt32LE(0x02014b50, 0);
    // Made on Unix: the upper half of the attributes is the mode.
    bytes.writeUInt16LE(0x0314, 4);
    common(bytes, 6, entry);
    bytes.writeUInt32LE((entry.mode << 16) >>> 0, 38);
    bytes.writeUInt32LE(entry.offset, 42);
  });

/**
 * A folder as a ZIP archive without compression (APPNOTE 4.3), as Electron's releases are packed.
 * @param {string} folder @param {string} output
 */
export function zipFolder(folder, output) {
  const file = openSync(output, 'w');
  let offset = 0;
  const put = (/** @type {Buffer} */ bytes) => {
    writeSync(file, bytes);
    offset += bytes.length;
  };
  try {
    /** @type {Entry[]} */
    const entries = [];
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const { mode } = statSync(join(folder, path));
      if ((mode & 0o170000) !== 0o100000) continue;
      const bytes = readFileSync(join(folder, path));
      const entry = { name: Buffer.from(path), size: bytes.length, sum: crc32(bytes), mode, offset };
      for (const part of [localHeader(entry), entry.name, bytes]) put(part);
      entries.push(entry);
    }
    const start = offset;
    for (const entry of entries) for (const part of [centralHeader(entry), entry.name]) put(part);
    const size = offset - start;
    put(
      record(22, (bytes) => {
        bytes.writeUInt32LE(0x06054b50, 0);
        bytes.writeUInt16LE(entries.length, 8);
        bytes.writeUInt16LE(entries.length, 10);
        bytes.writeUInt32LE(size, 12);
        bytes.writeUInt32LE(start, 16);
      }),
    );
  } finally {
    closeSync(file);
  }
}
