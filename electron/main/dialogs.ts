import { writeFile } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import { guiErrors } from './session/errors.ts';

export async function sayInBox(window: BrowserWindow, title: string, text: string): Promise<void> {
  await dialog.showMessageBox(window, { type: 'info', title, message: title, detail: text, buttons: ['OK'] });
}

/** Null: cancelled. */
export async function chooseFile(
  window: BrowserWindow,
  title: string,
  kind: 'file' | 'folder',
): Promise<string | null> {
  const properties =
    kind === 'file' ? (['openFile', 'showHiddenFiles'] as const) : (['openDirectory'] as const);
  const { filePaths } = await dialog.showOpenDialog(window, { title, properties: [...properties] });
  return filePaths[0] ?? null;
}

export type ClosingAnswer = 'kill' | 'detach' | 'cancel';

/** What becomes of a session that would end with the window. */
export async function askBeforeClosing(
  window: BrowserWindow,
  situation: {
    readonly others: number;
    readonly attached: boolean;
    /** The machine of the stub through which the target is reached. */
    readonly through: string | null;
  },
): Promise<ClosingAnswer> {
  const { others, attached, through } = situation;
  const people = others === 1 ? 'One client is' : `${others} clients are`;
  const answers = ['kill', 'detach', 'cancel'] as const;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Hawser',
    message: 'Closing the window ends the session.',
    detail: [
      ...(others > 0 ? [`${people} connected and will lose it.`] : []),
      ...(through === null ? [] : [`The target runs on ${through}.`]),
      ...(attached ? ['The process was running before Hawser attached to it.'] : []),
    ].join('\n'),
    buttons: ['&End the Process', '&Detach and Leave It Running', '&Cancel'],
    defaultId: attached ? 1 : 2,
    cancelId: 2,
    noLink: true,
    normalizeAccessKeys: true,
  });
  return answers[response] ?? 'cancel';
}

/** @throws HawserError `FILE_NOT_WRITTEN` */
export async function saveText(
  window: BrowserWindow,
  { title, name, text }: { readonly title: string; readonly name: string; readonly text: string },
): Promise<{ readonly file: string } | null> {
  const { filePath } = await dialog.showSaveDialog(window, { title, defaultPath: name });
  if (!filePath) return null;
  try {
    await writeFile(filePath, text, { mode: 0o600 });
  } catch (error) {
    throw guiErrors.notWritten(filePath, error instanceof Error ? error.message : String(error));
  }
  return { file: filePath };
}
