import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
code { font: 1.25rem ui-monospace, monospace; user-select: all; }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but the page and its own style: no script, no form, no frame, nothing from elsewhere, and no trace of the address. */
const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export interface Page {
  readonly title: string;
  /** Paragraphs of plain text. */
  readonly text: readonly string[];
  /** To be copied. */
  readonly code?: string;
}

export function sendPage(response: ServerResponse, status: number, page: Page): void {
  const paragraphs = page.text.map((each) => `<p>${escaped(each)}</p>`).join('\n');
  const code = page.code === undefined ? '' : `\n<p><code>${escaped(page.code)}</code></p>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(page.title)}</h1>
${paragraphs}${code}
</main>
</body>
</html>
`;
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

export function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { ...HEADERS, location: to });
  response.end();
}

/** The same for every invitation, good or not: it neither uses one up nor tells about one. */
export const invitationPage: Page = {
  title: 'You are invited to a debugging session',
  text: [
    'Open it in Hawser, not in the browser: copy the whole address of this page, or the link of the message, to its last character.',
    'In Hawser choose File, Hosted Sessions, sign in to this hub, choose Actions, Take Part, and paste the link.',
    'The link lets one person in, once. Give it to nobody else: its last part is the key to what is shown in the session.',
  ],
};

export const frontPage = (name: string, contact: string): Page => ({
  title: `Hawser hub ${name}`,
  text: [
    'Hosted debugging sessions meet here. In Hawser choose File, Sign In to a Hub, and give the address of this page.',
    ...(contact === '' ? [] : [`For an account, ask at ${contact}.`]),
  ],
});

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
