// Required into the program before it starts (`electron -r`): it makes its window when the test says so.
// A driver that attaches while the first page is just being committed misses that it was, and waits for ever.
const { app } = require('electron');

const whenReady = app.whenReady.bind(app);
const signal = new Promise((resolve) => {
  globalThis.hawserTestMayOpenWindow = resolve;
});
app.whenReady = () => whenReady().then(() => signal);
