import { type BrowserWindow, dialog } from 'electron';
import type { RequestResults } from '../ipc/contract.ts';
import { guiErrors } from './session/errors.ts';
import type { SettingsStore } from './stores/settings.ts';

const filters = [{ name: 'Hawser settings', extensions: ['json'] }];

const words = (error: unknown) =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

/** @throws HawserError `SETTINGS_FILE` */
export async function importSettings(
  window: BrowserWindow,
  settings: SettingsStore,
): Promise<RequestResults['settings/import']> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Import Settings',
    properties: ['openFile', 'showHiddenFiles'],
    filters,
  });
  const [file] = filePaths;
  if (file === undefined) return null;
  try {
    return { file, problems: settings.importFrom(file) };
  } catch (error) {
    throw guiErrors.settingsFile(`${file} cannot be taken for settings: ${words(error)}`);
  }
}

/** @throws HawserError `SETTINGS_FILE` */
export async function exportSettings(
  window: BrowserWindow,
  settings: SettingsStore,
): Promise<RequestResults['settings/export']> {
  const { filePath } = await dialog.showSaveDialog(window, {
    title: 'Export Settings',
    defaultPath: 'hawser-settings.json',
    filters,
  });
  if (!filePath) return null;
  try {
    settings.exportTo(filePath);
    return { file: filePath };
  } catch (error) {
    throw guiErrors.settingsFile(`${filePath} cannot be written: ${words(error)}`);
  }
}
