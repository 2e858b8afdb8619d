export { createSession, type Identity, type Session, type SessionOptions } from './session.ts';
