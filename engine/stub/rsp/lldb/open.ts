import { stubErrors } from '../../errors.ts';
import { readObject } from '../objects.ts';
import type { StubLine } from '../stub-line.ts';
import { LldbDialect } from './dialect.ts';

/** Address of the program's name, in the auxiliary vector. */
const AT_EXECFN = 31n;
const LONGEST_NAME = 1024;

/**
 * What it takes to talk to an lldb-server: its own description of its registers, and its program's name.
 * @throws HawserError `STUB_UNSUPPORTED`
 */
export async function lldbDialect(line: StubLine, title: string, packetSize: number): Promise<LldbDialect> {
  const read = (object: string, annex: string) =>
    readObject((raws) => line.askBytes(raws), object, annex, packetSize);
  const [description, auxv] = await Promise.all([
    read('features', 'target.xml').catch(() => {
      throw stubErrors.stubUnsupported(
        title,
        'it does not describe its registers, and GDB does not take them as they are',
        'Use gdbserver on that machine.',
      );
    }),
    read('auxv', '').catch(() => Buffer.alloc(0)),
  ]);
  return new LldbDialect(title, description.toString('utf8'), await programOf(line, auxv));
}

/** Its whole path, or ''. */
async function programOf(line: StubLine, auxv: Buffer): Promise<string> {
  let address = 0n;
  for (let at = 0; at + 16 <= auxv.length; at += 16)
    if (auxv.readBigUInt64LE(at) === AT_EXECFN) address = auxv.readBigUInt64LE(at + 8);
  if (address === 0n) return '';
  // It stands at the very end of the stack, so that no more than is there can be asked for.
  const left = Number(0x1000n - (address & 0xfffn));
  const [digits = ''] = await line.ask([
    `m${address.toString(16)},${Math.min(left, LONGEST_NAME).toString(16)}`,
  ]);
  const name = Buffer.from(digits, 'hex').toString('utf8').split('\0')[0] ?? '';
  return name.startsWith('/') ? name : '';
}
