import type { Engine } from '../parts.ts';

/** Lets the target go; the signals that it stands with are kept from it. */
export async function detachWithout(engine: Engine, withheld: readonly string[]): Promise<void> {
  const pass = async (how: string) => {
    for (const signal of withheld) await engine.console(`handle ${signal} ${how}`);
  };
  await pass('nopass');
  try {
    await engine.send('-target-detach');
  } finally {
    await pass('pass').catch(() => {});
  }
}
