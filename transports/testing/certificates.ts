import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateOptions, createCertificate } from '../certificates/create.ts';
import { addCertificate, type StoredCertificate, type StoreName } from '../certificates/store.ts';

/** Stores of this test file's own: two, so that two ends in one process can have different certificates. */
export function ownStores(): { remove(): void } {
  const base = mkdtempSync(join(tmpdir(), 'hawser-store-'));
  process.env.XDG_DATA_HOME = base;
  process.env.HAWSER_MACHINE_CERTS = join(base, 'machine');
  return { remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** A certificate in each of the stores; with a small key, which is made quickly. */
export async function putCertificate(
  options: Partial<CreateOptions> & { readonly subject: string },
  stores: readonly StoreName[] = ['user'],
): Promise<StoredCertificate> {
  const { certificate, key } = await createCertificate({ days: 100, bits: 2048, ...options });
  const stored = [];
  for (const store of stores) stored.push(await addCertificate(store, certificate, key));
  const [first] = stored;
  if (!first) throw new Error('in no store');
  return first;
}
