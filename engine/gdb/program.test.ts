import { describe, expect, it } from 'vitest';
import { toHawserError } from '../../transports/errors/error.ts';
import type { Stub } from '../stub/stub.ts';
import { gdbFor } from './program.ts';

const telling = (architecture: string) => ({ architecture: async () => architecture }) as Stub;

describe('the GDB for a target', () => {
  it.each(['', 'i386:x86-64', 'x86_64', 'i386'])('is the plain one for %j', async (architecture) => {
    expect(await gdbFor(telling(architecture), null)).toBe('gdb');
  });

  it('goes by a file where the stub does not tell', async () => {
    expect(await gdbFor(telling(''), process.execPath)).toBe('gdb');
    expect(await gdbFor(null, '/nowhere')).toBe('gdb');
  });

  it('is none where no GDB knows the architecture, which is said with what to install', async () => {
    const error = await gdbFor(telling('pdp11'), null).catch(toHawserError);
    expect(error).toMatchObject({ code: 'GDB_ARCHITECTURE', data: { architecture: 'pdp11' } });
    expect(String(error)).toContain('apt-get install gdb-multiarch');
  });
});
