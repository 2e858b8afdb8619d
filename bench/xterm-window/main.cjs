// The anchor of the Command window's budget: xterm.js with a scrollback for all the lines, in a plain window.
const { join } = require('node:path');
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1200,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  window.loadFile(join(__dirname, 'index.html'), { query: { lines: process.env.BENCH_LINES ?? '' } });
});
app.on('window-all-closed', () => app.quit());
