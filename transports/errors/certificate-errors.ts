import type { HawserError } from './error.ts';
import { make } from './make.ts';

const stores = { user: "this user's", machine: "the machine's" } as const;

/** What keeps a certificate from being used. */
export const certificateErrors = {
  certificateNotFound(name: string, store: 'user' | 'machine', folder: string): HawserError {
    const other = store === 'user' ? 'machuser=' : 'certuser=';
    return make(
      'CERTIFICATE_NOT_FOUND',
      `No certificate named ${name} is in ${stores[store]} store.`,
      `See hawser certs list${store === 'machine' ? ' -machine' : ''}, bring it there with hawser certs import, or use ${other} for the other store.`,
      { name, store, folder },
    );
  },

  certificateWithoutKey(name: string, reason: string): HawserError {
    return make(
      'CERTIFICATE_WITHOUT_KEY',
      `The certificate ${name} cannot be used here without its private key: ${reason}.`,
      'Both ends prove that they have the key: import the certificate with it (PKCS#12, or PEM with the key).',
      { name, reason },
    );
  },

  certificateExpired(name: string, notAfter: string): HawserError {
    return make(
      'CERTIFICATE_EXPIRED',
      `The certificate ${name} expired on ${notAfter}.`,
      'Make a new one with hawser certs create, and bring it to both ends.',
      { name, notAfter },
    );
  },

  certificateNotYetValid(name: string, notBefore: string): HawserError {
    return make(
      'CERTIFICATE_NOT_YET_VALID',
      `The certificate ${name} is not valid before ${notBefore}.`,
      'Check the clock of this machine.',
      { name, notBefore },
    );
  },

  /** Also of files that are imported. */
  certificateUnusable(name: string, reason: string, cause?: unknown): HawserError {
    return make(
      'CERTIFICATE_UNUSABLE',
      `The certificate ${name} cannot be used: ${reason}.`,
      'Make or import one that can, with hawser certs.',
      { name, reason },
      cause,
    );
  },

  certificatePassword(file: string, cause?: unknown): HawserError {
    return make(
      'CERTIFICATE_PASSWORD',
      `The password does not open ${file}, or none was given.`,
      'Give it at the prompt, with -passwordfile FILE or in HAWSER_CERT_PASSWORD.',
      { file },
      cause,
    );
  },

  certificateStore(folder: string, reason: string, cause?: unknown): HawserError {
    return make(
      'CERTIFICATE_STORE',
      `The certificate store ${folder} cannot be used: ${reason}.`,
      'Check who owns the folder; the machine’s store is written by root.',
      { folder, reason },
      cause,
    );
  },

  /** The thumbprints are SHA-256 of the whole certificate. */
  certificateMismatch(who: 'client' | 'server', showed: string, expected: string): HawserError {
    const other = who === 'client' ? 'server' : 'client';
    return make(
      'CERTIFICATE_MISMATCH',
      `The ${who} showed another certificate than the ${other} has: ${showed} instead of ${expected}. It may be somebody in its place, or between.`,
      'Use the identical certuser= or machuser= at both ends, with the same certificate in both stores.',
      { who, showed, expected },
    );
  },

  certificateMissing(who: 'client' | 'server'): HawserError {
    return make(
      'CERTIFICATE_MISSING',
      `The ${who} showed no certificate.`,
      'Use the identical certuser= or machuser= at both ends.',
      { who },
    );
  },
} as const;
