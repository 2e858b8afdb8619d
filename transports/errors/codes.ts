/** Every code a connection can fail with. Codes are compared and travel on the wire: never renamed. */
export const connectionErrorCodes = [
  'CANCELLED',
  // Reaching the other end.
  'HOST_NOT_FOUND',
  'CONNECTION_REFUSED',
  'CONNECT_TIMED_OUT',
  'NO_ROUTE',
  'CONNECT_FAILED',
  'PIPE_NOT_FOUND',
  'PIPE_ELSEWHERE',
  // What answered there.
  'NOT_A_HAWSER_SERVER',
  'NOT_A_HAWSER_CLIENT',
  'NO_ANSWER',
  'VERSION_MISMATCH',
  'WRONG_KIND',
  'CLICON_MISMATCH',
  'PASSWORD_NEEDED',
  'WRONG_PASSWORD',
  'SERVER_NOT_PROVED',
  'TOO_MANY_ATTEMPTS',
  'TOO_MANY_CONNECTIONS',
  // Losing it.
  'LINK_LOST',
  'SERVER_ENDED',
  'FRAME_TOO_LARGE',
  'PROTOCOL_VIOLATION',
  // Opening a server.
  'PORT_IN_USE',
  'ADDRESS_NOT_AVAILABLE',
  'PORT_NOT_PERMITTED',
  'LISTEN_FAILED',
  'PIPE_IN_USE',
  'PIPE_FOLDER_UNSAFE',
  // Certificates and TLS.
  'CERTIFICATE_NOT_FOUND',
  'CERTIFICATE_WITHOUT_KEY',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_UNUSABLE',
  'CERTIFICATE_PASSWORD',
  'CERTIFICATE_STORE',
  'CERTIFICATE_MISMATCH',
  'CERTIFICATE_MISSING',
  'TLS_NOT_SPOKEN',
  'PROTO_MISMATCH',
  'TLS_FAILED',
  // Asking a machine's directory of servers.
  'NO_DIRECTORY',
  'NOT_A_DIRECTORY',
  'DIRECTORY_OFF',
  'TOO_MANY_REQUESTS',
  'PIPE_NOT_INTRODUCED',
  // Serial lines.
  'COM_PORT_NOT_FOUND',
  'COM_PORT_NOT_PERMITTED',
  'COM_PORT_IN_USE',
  'COM_PORT_FAILED',
  'COM_BAUD_DIFFERS',
  'COM_CHANNEL_IN_USE',
  'COM_CHANNEL_REFUSED',
  'COM_NO_ANSWER',
  // What was typed.
  'BAD_CONNECTION_STRING',
  'UNSUPPORTED_PROTOCOL',
] as const;

export type ConnectionErrorCode = (typeof connectionErrorCodes)[number];

const codes: ReadonlySet<string> = new Set(connectionErrorCodes);

export function isConnectionErrorCode(code: string): code is ConnectionErrorCode {
  return codes.has(code);
}
