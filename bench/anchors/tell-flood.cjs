// Loaded into an Electron program before its own code (NODE_OPTIONS): follows a flood of lines in its page, tells how
// it went, and ends the program. The last line says when the flood began; BENCH_TEXT gives the page's last lines.
const { writeFileSync } = require('node:fs');

const { BENCH_TEXT, BENCH_READY } = process.env;
/** Garbage of the flood may go before memory is looked at. */
const SETTLE_MS = 1000;

const watch = `new Promise((done) => {
  const frames = [];
  const tick = (now) => { frames.push(performance.timeOrigin + now); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  const look = () => {
    const begun = /begun at (\\d+)/.exec(${BENCH_TEXT} ?? '');
    if (!begun) return setTimeout(look, 50);
    requestAnimationFrame(() => setTimeout(() => {
      const begin = Number(begun[1]);
      const end = performance.timeOrigin + performance.now();
      const during = frames.filter((at) => at >= begin && at <= end);
      const gaps = during.slice(1).map((at, index) => at - during[index]);
      done({ took: end - begin, longest: Math.max(0, ...gaps) });
    }));
  };
  look();
})`;

function follow() {
  const { app } = require('electron');
  app.on('web-contents-created', (_event, contents) => {
    contents.once('dom-ready', async () => {
      const result = await contents.executeJavaScript(watch);
      await new Promise((settled) => setTimeout(settled, SETTLE_MS));
      const own = app.getAppMetrics().find(({ pid }) => pid === contents.getOSProcessId());
      const memoryMiB = (own?.memory.workingSetSize ?? 0) / 1024;
      writeFileSync(String(BENCH_READY), JSON.stringify({ ...result, memoryMiB }));
      app.exit();
    });
  });
}

// The console tool that starts Electron loads this too, and is none of it.
if (process.versions.electron && process.type === 'browser' && BENCH_READY) setImmediate(follow);
