import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const group = { views: ['command'], activeView: 'command', id: '1' };

/** As the program keeps it of a user who has closed all windows but one. */
const layout = {
  grid: {
    root: { type: 'branch', data: [{ type: 'leaf', data: group, size: 1200 }], size: 700 },
    width: 1200,
    height: 700,
    orientation: 'HORIZONTAL',
  },
  panels: { command: { id: 'command', contentComponent: 'window', title: 'Command' } },
  activeGroup: '1',
};

/** Tests that are about something else see all of the Command window's text, and have nothing else read. */
export function keepCommandWindowOnly(profile: string): void {
  const text = JSON.stringify(layout);
  writeFileSync(join(profile, 'layouts.json'), JSON.stringify({ user: text, kernel: text, dump: text }));
}
