import type { TargetSpec } from '../../../engine/commands/host.ts';
import { joinArguments } from '../../../engine/format/arguments.ts';

const PROGRAM = 'hawser windbg';

/** What opens the same from a command line. Connections have no passwords in them. */
export function commandLineOf(target: TargetSpec): string {
  const stub = 'stub' in target ? target.stub : undefined;
  const through = stub ? ` ${stub.kernel ? '-k' : '-premote'} ${stub.connection}` : '';
  switch (target.kind) {
    case 'stub':
      return `${PROGRAM}${through}`;
    case 'launch':
      return `${PROGRAM}${through} ${joinArguments([target.program, ...target.args])}`;
    case 'attach':
      return `${PROGRAM}${through}${target.noninvasive ? ' -pv' : ''} -p ${target.pid}`;
    case 'core':
      return `${PROGRAM}${through} -z ${joinArguments([target.core])}`;
  }
}

export const remoteCommandLine = (connection: string): string => `${PROGRAM} -remote ${connection}`;
