import { resolve } from 'node:path';

/** What the parts of a symbol path mean. */
export interface SymbolPath {
  /** To be looked in, in order. */
  readonly folders: readonly string[];
  readonly servers: readonly SymbolServer[];
}

/** A server that knows files by build id, over http or https. */
export interface SymbolServer {
  /** `symsrv`: files stand where WinDbg's symbol servers have them, by the rules that .NET's publish Linux files by. */
  readonly kind: 'debuginfod' | 'symsrv';
  /** Without user and password; ends in a slash. */
  readonly url: string;
  /** Value of the Authorization header; null: none. */
  readonly authorization: string | null;
}

/**
 * Reads a symbol path's parts. `DebugInfoD*URL[*URL…]` names debuginfod servers; `srv*A*B` (`symsrv*DLL*A*B`) folders and
 * symbol servers; `cache*A` a folder. Anything else is a folder. What cannot be used (an empty `srv*`, a share of Windows,
 * another scheme than http and https) is left out.
 */
export function parseSymbolPath(parts: readonly string[]): SymbolPath {
  const folders: string[] = [];
  const servers: SymbolServer[] = [];
  for (const part of parts) {
    const [head = '', ...rest] = part.split('*').map((each) => each.trim());
    const kind = head.toLowerCase();
    if (rest.length === 0) addFolder(folders, part.trim());
    else if (kind === 'debuginfod') servers.push(...rest.flatMap((url) => server('debuginfod', url)));
    else if (kind === 'srv' || kind === 'symsrv' || kind === 'cache') {
      const elements = kind === 'symsrv' ? rest.slice(1) : rest;
      for (const element of elements) {
        const found = server('symsrv', element);
        if (found.length > 0) servers.push(...found);
        else addFolder(folders, element);
      }
    } else addFolder(folders, part.trim());
  }
  return { folders: [...new Set(folders)], servers };
}

/** The parts of a symbol path in one text: at `;`, and at `:` where that stands in no URL. */
export function splitSymbolPath(text: string): readonly string[] {
  return text
    .split(';')
    .flatMap((part) => part.split(part.includes('*') ? NEXT_PART : ':'))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Before a path (no `://`), or before a word with an asterisk. */
const NEXT_PART = /:(?=\/(?!\/)|\w+\*)/;

/** The servers of DEBUGINFOD_URLS; words that are no URL (`ima:enforcing`) and other schemes are left out. */
export function environmentServers(env: NodeJS.ProcessEnv): readonly SymbolServer[] {
  const words = (env.DEBUGINFOD_URLS ?? '').split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word) => server('debuginfod', word));
}

function addFolder(folders: string[], text: string): void {
  if (text !== '' && !text.includes('://') && !text.startsWith('\\')) folders.push(resolve(text));
}

function server(kind: SymbolServer['kind'], text: string): readonly SymbolServer[] {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return [];
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const plain = `${decoded(username)}:${decoded(password)}`;
  const authorization = plain === ':' ? null : `Basic ${Buffer.from(plain).toString('base64')}`;
  return [{ kind, url: url.href, authorization }];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
