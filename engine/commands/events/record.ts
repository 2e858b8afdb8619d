import type { SignalInfo } from '../../backend/types.ts';
import type { System } from '../system.ts';

/** Keeps what `.exr -1` and `.ecxr` are about. */
export async function noteException(system: System, signal: SignalInfo, thread: number): Promise<void> {
  const name = system.isX64 ? 'rip' : 'pc';
  const registers = await system.target.registers({ thread, frame: 0 }, [name]).catch(() => null);
  system.lastException = { signal, thread, address: registers?.get(name) ?? 0n };
}
