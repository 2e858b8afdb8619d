import { type ReactNode, useId } from 'react';
import type { SettingsState, Theme } from '../../electron/ipc/contract.ts';
import { setPreferences } from '../state/settings.ts';
import { change, numberIn, SettingBox, SettingCheck } from './controls.tsx';

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['classic', 'WinDbg classic'],
  ['contrast', 'High contrast'],
];

const monoFonts = [
  'Cascadia Mono',
  'JetBrains Mono',
  'Source Code Pro',
  'DejaVu Sans Mono',
  'Liberation Mono',
];

export function Look({ state: { values } }: { state: SettingsState }): ReactNode {
  const id = useId();
  return (
    <>
      <fieldset>
        <legend>Theme</legend>
        <div className="theme-choices">
          {themes.map(([theme, title]) => (
            <label key={theme} className="choice">
              <input
                type="radio"
                name={id}
                value={theme}
                checked={values.theme === theme}
                data-autofocus={values.theme === theme ? true : undefined}
                onChange={() => change({ theme })}
              />
              {title}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="setting-pair">
        <SettingBox
          label="Font of code and output"
          value={values.monoFont}
          placeholder="The program’s own"
          suggestions={monoFonts}
          onSet={(monoFont) => setPreferences({ monoFont: monoFont.trim() })}
        />
        <SettingBox
          label="Its size, pixels"
          value={String(values.monoSize)}
          numeric
          onSet={async (text) => {
            const monoSize = numberIn(text, 8, 32);
            return monoSize === null ? 'From 8 to 32.' : setPreferences({ monoSize: Math.round(monoSize) });
          }}
        />
      </div>
      <div className="setting-pair">
        <SettingBox
          label="Font of all else"
          value={values.uiFont}
          placeholder="The system’s"
          onSet={(uiFont) => setPreferences({ uiFont: uiFont.trim() })}
        />
        <SettingBox
          label="Zoom, percent"
          value={String(Math.round(values.zoom * 100))}
          numeric
          onSet={async (text) => {
            const percent = numberIn(text, 50, 300);
            return percent === null ? 'From 50 to 300.' : setPreferences({ zoom: percent / 100 });
          }}
        />
      </div>
      <SettingCheck
        label="Less motion"
        hint="Nothing slides or turns. Where the desktop asks for it, it is so anyway."
        checked={values.motion === 'reduced'}
        onSet={(on) => change({ motion: on ? 'reduced' : 'system' })}
      />
    </>
  );
}
