import type { ReactNode } from 'react';
import type { SettingsState } from '../../electron/ipc/contract.ts';
import { BrowseButton } from '../dialogs/BrowseButton.tsx';
import { MAX_LINES, MIN_LINES } from '../output/scrollback.ts';
import { setPreferences } from '../state/settings.ts';
import { change, numberIn, SettingBox, SettingCheck } from './controls.tsx';

const count = (n: number) => n.toLocaleString('en-US');
const added = (path: string, folder: string) => (path === '' ? folder : `${path};${folder}`);

export function Behaviour({ state: { values } }: { state: SettingsState }): ReactNode {
  const { symbolPath, sourcePath } = values;
  return (
    <>
      <SettingBox
        label="Symbol path of new sessions"
        value={symbolPath}
        mono
        placeholder="/srv/symbols;https://debuginfod.example"
        hint="As .sympath takes it. That of a session that runs: File, Symbol File Path."
        beside={
          <BrowseButton
            title="Add a folder with symbols"
            kind="folder"
            disabled={false}
            onChosen={(folder) => change({ symbolPath: added(symbolPath, folder) })}
          />
        }
        onSet={(text) => setPreferences({ symbolPath: text.trim() })}
      />
      <SettingBox
        label="Source path of new sessions"
        value={sourcePath}
        mono
        placeholder="/home/me/project/src"
        hint="As .srcpath takes it."
        beside={
          <BrowseButton
            title="Add a folder with sources"
            kind="folder"
            disabled={false}
            onChosen={(folder) => change({ sourcePath: added(sourcePath, folder) })}
          />
        }
        onSet={(text) => setPreferences({ sourcePath: text.trim() })}
      />
      <SettingBox
        label="Lines that the Command window keeps"
        value={String(values.scrollbackLines)}
        numeric
        hint={`${count(MIN_LINES)} to ${count(MAX_LINES)}.`}
        onSet={async (text) => {
          const lines = numberIn(text, MIN_LINES, MAX_LINES);
          return lines === null
            ? `From ${count(MIN_LINES)} to ${count(MAX_LINES)}.`
            : setPreferences({ scrollbackLines: Math.round(lines) });
        }}
      />
      <SettingCheck
        label="Wrap long lines of the Command window"
        checked={values.wrapLines}
        onSet={(wrapLines) => change({ wrapLines })}
      />
      <SettingCheck
        label="Show the toolbar"
        checked={values.toolbar}
        onSet={(toolbar) => change({ toolbar })}
      />
      <SettingCheck
        label="Show the status bar"
        checked={values.statusBar}
        onSet={(statusBar) => change({ statusBar })}
      />
      <SettingCheck
        label="Read output to a screen reader"
        hint="The last lines, once it has gone quiet."
        checked={values.speakOutput}
        onSet={(speakOutput) => change({ speakOutput })}
      />
      <SettingCheck
        label="Keep arrangements of windows as they are left"
        hint="Otherwise each session begins with the last one that was saved by File, Save Workspace, or the program’s own."
        checked={values.keepLayout}
        onSet={(keepLayout) => change({ keepLayout })}
      />
    </>
  );
}
