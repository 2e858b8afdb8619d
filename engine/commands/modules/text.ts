import type { ModuleInfo } from '../../backend/types.ts';
import { address, hexDigits } from '../../format/address.ts';

const STATE_WIDTH = 23;
const NAME_WIDTH = 8;

const STATES: Readonly<Record<ModuleInfo['symbols'], string>> = {
  deferred: '(deferred)',
  dwarf: '(service symbols: DWARF Private Symbols)',
  exports: '(export symbols)',
  none: '(no symbols)',
};

export function moduleHeader(pointerSize: 4 | 8): string {
  const width = pointerSize === 8 ? 18 : 9;
  return `${'start'.padEnd(width)}${'end'.padEnd(width)}  module name`;
}

/** A line of `lm`. `T`: ELF has no time stamp. */
export function moduleLine(module: ModuleInfo, pointerSize: 4 | 8): string {
  const range = `${address(module.start, pointerSize)} ${address(module.end, pointerSize)}`;
  const stamp = module.symbols === 'deferred' ? ' ' : 'T';
  const state = STATES[module.symbols];
  const padded = state.length > STATE_WIDTH ? `${state}        ` : state.padEnd(STATE_WIDTH);
  return `${range}   ${module.name.padEnd(NAME_WIDTH)} ${stamp} ${padded}${module.symbolFile ?? ''}`;
}

/** What `v` adds. */
export function moduleDetails(module: ModuleInfo): string[] {
  const loaded = module.symbolFile ? [`    Loaded symbol image file: ${module.symbolFile}`] : [];
  return [
    ...loaded,
    `    Image path: ${module.path}`,
    `    Image name: ${module.path.slice(module.path.lastIndexOf('/') + 1)}`,
    `    Build ID:         ${module.buildId ?? '<none>'}`,
    `    ImageSize:        ${hexDigits(module.end - module.start, 8)}`,
    ...(module.sections ?? []).map(({ name, address: at }) => `    Section: ${address(at)} ${name}`),
  ];
}
