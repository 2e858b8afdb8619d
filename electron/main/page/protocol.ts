import { protocol, type Session } from 'electron';
import { type PageFile, pageFiles } from './files.ts';

/**
 * The page comes from a scheme of its own, not from file: — it gets an origin that nothing else has, headers,
 * and no way to any other file.
 */
export const PAGE_SCHEME = 'hawser';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://app`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;
/** A window of the workbench that stands by itself; the page fills it. */
export const POPOUT_URL = `${PAGE_ORIGIN}/popout.html`;
/** The window of hosted sessions, and the Command window of one. */
export const HOSTED_URL = `${PAGE_ORIGIN}/hosted.html`;
export const VIEW_URL = `${PAGE_ORIGIN}/view.html`;

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const headers = (type: string) => ({
  'Content-Type': type,
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
});

/** Before the program is ready; later is too late. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

export function servePage(session: Session, folder: string): void {
  let files: ReadonlyMap<string, PageFile> | null = null;
  session.protocol.handle(PAGE_SCHEME, (request) => {
    files ??= pageFiles(folder);
    const url = new URL(request.url);
    const file = request.method === 'GET' && url.host === 'app' ? files.get(url.pathname) : undefined;
    if (!file) return new Response('Not found', { status: 404, headers: headers('text/plain') });
    return new Response(new Uint8Array(file.read()), { headers: headers(file.type) });
  });
}
