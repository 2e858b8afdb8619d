/** Names that cross between main process, preload and page; apart from the contract so that the preload needs no zod. */

/** Page to main, answered: (request name, arguments). */
export const REQUEST_CHANNEL = 'hawser/request';
/** Main to page: (push name, event). */
export const PUSH_CHANNEL = 'hawser/push';

/** How pages look: the page asks (answered), and main tells when it changes. */
export const LOOK_CHANNEL = 'hawser/look';

/**
 * How the session's MessagePort reaches the page: the preload forwards it by `window.postMessage` with this
 * as data and the port in `ports` (a port cannot cross contextBridge).
 */
export const SESSION_PORT_MESSAGE = 'hawser/session-port';
