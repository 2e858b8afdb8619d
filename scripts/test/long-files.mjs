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
  'engine/gdb/link/recording.stub.test.ts':
    'engine/gdb/link/recording.server.test.ts runs the same tests through a process server',
  'engine/stub/client/slow-fetch.test.ts':
    'engine/gdb/link/stub-fetch.test.ts fetches in the background; e2e/stub-fetch.test.ts does so over a slow line',
  'transports/com/processes.test.ts': 'tools/cdb-com.test.ts has several processes at one port',
  'tools/clicon-machines.test.ts':
    'transports/reverse.test.ts and e2e/reverse.test.ts have servers that call',
  'tools/browse-machines.test.ts': 'tools/query-servers.test.ts and e2e/browse.test.ts browse one machine',
  'hub/store/nats/cluster.test.ts': 'hub/store’s contract runs on one real NATS server',
};

/** Those to be left out of this run; `named`: words of the command line. */
export function leftOut(/** @type {readonly string[]} */ named, /** @type {NodeJS.ProcessEnv} */ env) {
  if (env.HAWSER_FULL || env.HAWSER_FAULTS_JSON) return [];
  return Object.keys(longFiles).filter((file) => !named.some((word) => word !== '' && file.includes(word)));
}
