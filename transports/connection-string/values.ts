import { isIPv6 } from 'node:net';
import { Secret } from '../secret.ts';
import { bad, type Parameter, type ParseOptions, type Role } from './parameter.ts';
import { masked } from './problem.ts';
import type { ValueToken } from './scan.ts';

/** What the parameters have in common that several protocols share. */

const everyone: readonly Role[] = ['client', 'server'];
const servers: readonly Role[] = ['server'];

/** Ports of which the first free one is taken; one port when both are equal. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

/** `ask`: written as `*`; whoever connects is asked for it. */
export type Password = Secret | 'ask';

const HOST_CHARACTERS = /^[\p{L}\p{N}\p{M}._-]+$/u;
const MAX_HOST = 253;

/** A host name or address; IPv6 with or without brackets, which are not kept. */
export function readHost(token: ValueToken, options: ParseOptions): string {
  let host = token.value;
  if (host.startsWith('\\')) {
    if (options.backslashes === 'refuse')
      throw bad(token, 'No backslashes may stand before the name of the machine here.');
    host = host.replace(/^\\+/, '');
  }
  if (host.startsWith('[') && host.endsWith(']')) host = host.slice(1, -1);
  if (isIPv6(host)) return host;
  if (host.includes(':'))
    throw bad(token, 'It is neither a name nor an IPv6 address; the port goes into port=.');
  if (host.length > MAX_HOST) throw bad(token, `A name has at most ${MAX_HOST} characters.`);
  if (!HOST_CHARACTERS.test(host)) throw bad(token, 'It is no name of a machine and no IP address.');
  return host;
}

export const port: Parameter<PortRange> = {
  name: 'Port',
  roles: everyone,
  takes: 'a port number from 1 to 65535, as in port=5005',
  read(token, { role }) {
    const match = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(token.value);
    if (!match)
      throw bad(
        token,
        'A port is a number from 1 to 65535, or for a server two with a colon, as in port=5000:5010.',
      );
    const low = Number(match[1]);
    const high = match[2] === undefined ? low : Number(match[2]);
    // 0 (extension): the system chooses. It means nothing to a client.
    const least = role === 'server' && match[2] === undefined ? 0 : 1;
    if (low < least || high < least || low > 65535 || high > 65535)
      throw bad(token, 'Ports go from 1 to 65535.');
    if (high < low) throw bad(token, 'The lower port of a range comes first.');
    return { low, high };
  },
};

/** Printable: letters, marks, numbers, punctuation, symbols and the blank; no control or format characters. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;
const NEEDS_QUOTES = /[,"\s]/u;
const MAX_PASSWORD = 128;

/** Why a password cannot be used, or null. Also for passwords typed into a field of their own. */
export function passwordProblem(password: string): string | null {
  if (password.length === 0) return 'A password has at least one character.';
  if ([...password].length > MAX_PASSWORD) return `A password has at most ${MAX_PASSWORD} characters.`;
  if (!PRINTABLE.test(password)) return 'A password has printable characters only.';
  return null;
}

export const password: Parameter<Password> = {
  name: 'Password',
  roles: everyone,
  secret: true,
  takes: 'a password, or * to be asked for it',
  read(token) {
    if (token.value === '*' && !token.quoted) return 'ask';
    if (!token.quoted && NEEDS_QUOTES.test(token.value))
      throw bad(
        masked(token),
        'A password with a comma, quote or blank stands in double quotes, a quote in it doubled.',
      );
    const problem = passwordProblem(token.value);
    if (problem) throw bad(masked(token), problem);
    return new Secret(token.value);
  },
};

/** As a value that `scan` reads back. */
export function quotePassword(value: string): string {
  return NEEDS_QUOTES.test(value) || value === '*' ? `"${value.replaceAll('"', '""')}"` : value;
}

export const server: Parameter<string> = {
  name: 'Server',
  roles: ['client'],
  takes: 'the name or address of the machine, as in server=HOST',
  read: readHost,
};

export const clicon: Parameter<string> = {
  name: 'CliCon',
  roles: everyone,
  takes: 'the name or address of the other machine, as in clicon=HOST',
  read: readHost,
};

export const bind: Parameter<string> = {
  name: 'Bind',
  roles: servers,
  takes: 'an address of this machine, as in bind=127.0.0.1',
  read: readHost,
};

export const ipversion: Parameter<6> = {
  name: 'IPVersion',
  roles: everyone,
  takes: '6, as in ipversion=6',
  read(token) {
    if (token.value !== '6')
      throw bad(token, 'Only ipversion=6 is known; without it both families are used.');
    return 6;
  },
};

const flag = (name: string): Parameter<true> => ({
  name,
  roles: servers,
  flag: true,
  takes: 'no value',
  read: () => true,
});

export const hidden = flag('Hidden');

/** An extension: what those who join through the server may do. */
export const granted: Parameter<'viewer' | 'controller'> = {
  name: 'Role',
  roles: servers,
  takes: 'viewer or controller, as in role=viewer',
  read(token) {
    const value = token.value.toLowerCase();
    if (value !== 'viewer' && value !== 'controller')
      throw bad(token, 'A role is viewer, who only looks, or controller, who may run commands.');
    return value;
  },
};
export const icfenable = flag('IcfEnable');

const MAX_PIPE = 200;

export const pipe: Parameter<string> = {
  name: 'Pipe',
  roles: everyone,
  takes: 'the name of the pipe, as in pipe=MainPipe',
  read(token) {
    const name = token.value;
    if (/\s/u.test(name)) throw bad(token, 'No blanks may stand in the name of a pipe.');
    if (/["'\u201c\u201d]/u.test(name)) throw bad(token, 'No quote marks may stand in the name of a pipe.');
    if (token.quoted || /[\\/=,]|\p{C}/u.test(name))
      throw bad(
        token,
        'The name of a pipe has letters, digits and signs, but no slashes, backslashes or equal signs.',
      );
    if (name.length > MAX_PIPE) throw bad(token, `The name of a pipe has at most ${MAX_PIPE} characters.`);
    return name;
  },
};
