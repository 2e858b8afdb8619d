// Loaded into an Electron program before its own code (NODE_OPTIONS): tells when its page can be used, whatever
// the program is, and ends it. Usable: the element that BENCH_SELECTOR names is there, enabled, and has been painted.
const { writeFileSync } = require('node:fs');

const { BENCH_SELECTOR, BENCH_READY } = process.env;

const watch = `new Promise((ready) => {
  const look = () => {
    const found = document.querySelector(${JSON.stringify(BENCH_SELECTOR)});
    if (found && !found.disabled && document.visibilityState === 'visible')
      requestAnimationFrame(() => requestAnimationFrame(() => ready(Date.now())));
    else setTimeout(look, 2);
  };
  look();
})`;

function follow() {
  const { app } = require('electron');
  app.on('web-contents-created', (_event, contents) => {
    contents.once('dom-ready', () => {
      contents.executeJavaScript(watch).then((at) => {
        writeFileSync(String(BENCH_READY), String(at));
        app.exit();
      });
    });
  });
}

// The console tool that starts Electron loads this too, and is none of it.
if (process.versions.electron && process.type === 'browser' && BENCH_READY) setImmediate(follow);
