/** Below the ports that systems give to outgoing connections; nothing widely known uses it. */
export const DEFAULT_DIRECTORY_PORT = 24700;

/** Of `HAWSER_DIRECTORY_PORT`: a port, or `off`. */
export const PORT_VARIABLE = 'HAWSER_DIRECTORY_PORT';

/** The port of this machine's directory service, and of those that are asked; null: it is turned off. */
export function directoryPort(): number | null {
  const text = process.env[PORT_VARIABLE];
  if (text !== undefined && text !== '') return read(text);
  return DEFAULT_DIRECTORY_PORT;
}

/** What cannot be read turns it off: a directory on another port than was meant finds nobody. */
function read(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}
