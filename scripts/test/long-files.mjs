/**
 * Test files that only `npm run test:full`, `npm run faults` and who names them run: each takes half a minute of both cores or more, for
 * what changes rarely. What each has in `npm test` all the same stands beside it.
 */
export const longFiles = {
  'tools/process-faults.test.ts':
    'engine/commands/gdb-dies.test.ts and tools/cdb.test.ts kill GDB, servers and clients',
  'tools/lying-stub.test.ts':
    'engine/stub/rsp/packets.test.ts and engine/kernel/wire/trouble.test.ts answer with nonsense',
  'tools/link-faults.test.ts': 'engine/client/resumer.test.ts cuts links at every stage',
  'tools/soak.test.ts':
    'tools/cdb-transports.test.ts and e2e/three-clients.test.ts compare what several clients get',
  'tools/network-faults.test.ts': 'engine/client/resumer.test.ts and transports/com cut lines',
  'tools/dbgsrv-latency.test.ts':
    'engine/stub/client and engine/gdb/link count requests; tools/cdb-premote.test.ts steps through a process server',
  'tools/hub/cluster.test.ts': 'tools/hub.test.ts kills a hub while it streams',
  'hub/store/nats/cluster.test.ts': 'hub/store’s contract runs on one real NATS server',
};

/** Those to be left out of this run; `named`: words of the command line. */
export function leftOut(/** @type {readonly string[]} */ named, /** @type {NodeJS.ProcessEnv} */ env) {
  if (env.HAWSER_FULL || env.HAWSER_FAULTS_JSON) return [];
  return Object.keys(longFiles).filter((file) => !named.some((word) => word !== '' && file.includes(word)));
}
