import { writeFileSync } from 'node:fs';

/** What came of each test that was chosen: those that were not have no reason to be skipped. */
export default class FaultsReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const all = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => {
        const result = test.result();
        const reason = result.state === 'skipped' ? result.note : result.errors?.[0]?.message.split('\n')[0];
        return { file: module.relativeModuleId, title: test.name, state: result.state, reason };
      }),
    );
    const ran = all.filter(({ state, reason }) => state !== 'skipped' || reason !== undefined);
    writeFileSync(process.env.HAWSER_FAULTS_JSON ?? '', JSON.stringify(ran));
  }
}
