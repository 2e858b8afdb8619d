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
export function moduleLine(module: ModuleInfo, pointerSize: 4 | 8, style = ''): string {
  const range = `${address(module.start, pointerSize)} ${address(module.end, pointerSize)}`;
  if (style !== '') return `${range}   ${module.name.padEnd(NAME_WIDTH)} ${fileText(module, style)}`;
  const stamp = module.symbols === 'deferred' ? ' ' : 'T';
  const state = STATES[module.symbols];
  const padded = state.length > STATE_WIDTH ? `${state}        ` : state.padEnd(STATE_WIDTH);
  return `${range}   ${module.name.padEnd(NAME_WIDTH)} ${stamp} ${padded}${module.symbolFile ?? ''}`;
}

/** `f`, `i`: the path; `n`, `p`: the file's name; `t`: a time, which ELF files do not have. */
function fileText({ path }: ModuleInfo, style: string): string {
  const file = /[fi]/.test(style) ? path : fileName(path);
  return style.includes('t') ? `${file.padEnd(12)} unavailable (00000000)` : file;
}

/** What `v` adds. */
export function moduleDetails(module: ModuleInfo): string[] {
  const loaded = module.symbolFile ? [`    Loaded symbol image file: ${module.symbolFile}`] : [];
  return [
    ...loaded,
    `    Image path: ${module.path}`,
    `    Image name: ${fileName(module.path)}`,
    '    Timestamp:        unavailable (00000000)',
    '    CheckSum:         00000000',
    `    Build ID:         ${module.buildId ?? '<none>'}`,
    `    ImageSize:        ${hexDigits(module.end - module.start, 8)}`,
    ...(module.sections ?? []).map(({ name, address: at }) => `    Section: ${address(at)} ${name}`),
  ];
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function unloadedLines(
  modules: readonly { readonly path: string; readonly start: bigint; readonly end: bigint }[],
  pointerSize: 4 | 8,
): string[] {
  const line = ({ path, start, end }: (typeof modules)[number]) =>
    `${address(start, pointerSize)} ${address(end, pointerSize)}   ${fileName(path)}`;
  return ['', 'Unloaded modules:', ...modules.map(line)];
}
