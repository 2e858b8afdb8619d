/** Ports of this worker's servers: one that a test starts again finds its own free, whatever the other workers do. */
const first = 5200 + 60 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);

/** `5200:5259`, as `port=` takes it. */
export const ports = `${first}:${first + 59}`;
