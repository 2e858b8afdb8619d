import type { ServerInfo } from '../protocol/session.ts';

/** What `.server` and `-server` answer, to the letter; a line for each server that runs. */
export function serverStartedText(servers: readonly ServerInfo[]): string {
  const lines = servers.map((server, index) => `${index}: <debugger> -remote ${server.connection}\n`);
  return `Server started.  Client can connect with any of these command lines\n${lines.join('')}`;
}
