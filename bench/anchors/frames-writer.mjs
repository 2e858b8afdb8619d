// The other end of bench/measure/frames.ts, in a process of its own.
const { serveFrames } = await import('../../dist/bench/bench.js');
await serveFrames(process.argv[2] ?? '');
