import type { FolderItem } from '../../electron/ipc/contract.ts';

/** Those that have the text in their name; folders stay first. Hidden ones only when they are asked for. */
export function shownItems(
  entries: readonly FolderItem[],
  filter: string,
  kind: 'file' | 'folder',
): readonly FolderItem[] {
  const word = filter.trim().toLowerCase();
  return entries.filter(
    (item) =>
      (kind === 'file' || item.kind === 'folder') &&
      (word === '' ? !item.name.startsWith('.') : item.name.toLowerCase().includes(word)),
  );
}

export const joinPath = (folder: string, name: string): string =>
  folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;

/** The row that typing leads to: the next that begins so, from `from` on and around; -1: none. */
export function rowBeginning(items: readonly FolderItem[], typed: string, from: number): number {
  const wanted = typed.toLowerCase();
  for (let step = 0; step < items.length; step++) {
    const index = (Math.max(0, from) + step) % items.length;
    if (items[index]?.name.toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}

export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
