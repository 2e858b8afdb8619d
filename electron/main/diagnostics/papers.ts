import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import own from '../../../LICENSE?raw';

/** As `Electron 45.4.1 (Chromium 150.0.1, Node 24.15.0)`. */
export function carrier(versions: NodeJS.ProcessVersions = process.versions): string {
  const { electron, chrome, node } = versions;
  return `Electron ${electron} (Chromium ${chrome}, Node ${node})`;
}

/** A package has all of them in one file among its resources; a checkout has those of the libraries beside each of them. */
export function licenceText(resources: string = process.resourcesPath): string {
  try {
    return readFileSync(join(resources, 'LICENSES.txt'), 'utf8');
  } catch {
    return `${own}\nThis runs from a checkout: the licences of the libraries stand in their folders below node_modules.\n`;
  }
}
