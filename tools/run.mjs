// The built tools, without the set-up and the look for changed sources that tools/hawser begins with: for programs of Hawser
// that start others of it, with whichever Node they run in themselves (Electron's too).
delete process.env.ELECTRON_RUN_AS_NODE;
const { main } = await import('../dist/tools/hawser.js');
process.exit(await main(process.argv.slice(2)));
