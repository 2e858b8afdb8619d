export { type ConnectionErrorCode, connectionErrorCodes, isConnectionErrorCode } from './codes.ts';
export { connectionErrors } from './connection-errors.ts';
export { HawserError, isWireError, toHawserError, type WireError } from './error.ts';
export type { PeerLooks, ServerKind } from './peer-errors.ts';
export type { StringProblem } from './string-errors.ts';
