import { release, totalmem } from 'node:os';
import type { GuiState } from '../../ipc/contract.ts';
import type { Log } from './log.ts';
import { redact } from './redact.ts';

/** What somebody who looks into a defect asks for first. Without secrets: it is made to be pasted into public places. */
export function diagnosticReport(version: string, state: GuiState, log: Log): string {
  const { electron, chrome, node } = process.versions;
  return redact(
    [
      `Hawser ${version}`,
      `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
      `${process.platform} ${process.arch} ${release()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      `State: ${JSON.stringify(state)}`,
      `Log folder: ${log.folder}`,
      '',
      log.tail(16 * 1024),
    ].join('\n'),
  );
}
