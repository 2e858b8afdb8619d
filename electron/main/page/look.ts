import { nativeTheme, type WebContents, webContents } from 'electron';
import { LOOK_CHANNEL } from '../../ipc/channels.ts';
import type { Look, Theme } from '../../ipc/settings.ts';
import type { SettingsStore } from '../stores/settings.ts';
import { isOurPage } from './requests.ts';

/** What menus, dialogs of the system and scroll bars go by. */
const native = {
  system: 'system',
  light: 'light',
  dark: 'dark',
  classic: 'light',
  contrast: 'dark',
} as const;

const backgrounds: Readonly<Partial<Record<Theme, string>>> = { classic: '#f0f0f0', contrast: '#000000' };

/** How pages look: each asks for it as it starts, and is told when it changes. */
export class PageLook {
  readonly #settings: SettingsStore;
  #sent = '';

  constructor(settings: SettingsStore) {
    this.#settings = settings;
    this.#apply();
    settings.onChanged(() => this.#apply());
  }

  get look(): Look {
    const { theme, monoFont, monoSize, uiFont, motion } = this.#settings.value;
    return { theme, monoFont, monoSize, uiFont, motion };
  }

  /** Of a window, before its page has drawn anything. */
  get background(): string {
    return backgrounds[this.look.theme] ?? (nativeTheme.shouldUseDarkColors ? '#1e1e1e' : '#ffffff');
  }

  serve(contents: WebContents): void {
    contents.ipc.handle(LOOK_CHANNEL, ({ senderFrame }) => (isOurPage(senderFrame) ? this.look : null));
    contents.on('dom-ready', () => this.#zoom(contents));
  }

  #apply(): void {
    const { look } = this;
    nativeTheme.themeSource = native[look.theme];
    const text = JSON.stringify({ look, zoom: this.#settings.value.zoom });
    if (text === this.#sent) return;
    this.#sent = text;
    for (const contents of webContents.getAllWebContents()) {
      if (contents.getType() !== 'window') continue;
      contents.send(LOOK_CHANNEL, look);
      this.#zoom(contents);
    }
  }

  /** Set to what it is, a hidden window never draws its first frame, and is never shown. */
  #zoom(contents: WebContents): void {
    const { zoom } = this.#settings.value;
    if (Math.abs(contents.getZoomFactor() - zoom) > 0.001) contents.setZoomFactor(zoom);
  }
}

const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** The next step up or down. */
export function zoomed(now: number, by: 1 | -1): number {
  const next = by > 0 ? steps.find((each) => each > now + 0.01) : steps.findLast((each) => each < now - 0.01);
  return next ?? now;
}
