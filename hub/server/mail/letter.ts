import type { InvitationLetter } from './mail.ts';

export interface Letter {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const day = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** An invitation as people read it, in plain text and in HTML. */
export function letterFor(letter: InvitationLetter, hub: string): Letter {
  const { to, session, link } = letter;
  const own = letter.invited !== null;
  const facts = factsOf(letter, hub);
  const [opening, closing] = own ? hostWords(letter) : clientWords(letter);
  return {
    to: { name: to.name, address: to.email },
    subject: own
      ? `Your debugging session: ${session.name}`
      : `Invitation to a debugging session: ${session.name}`,
    text: plain(to.name, opening, facts, link, closing),
    html: html(to.name, opening, facts, link, closing),
    // Made by a machine: no automatic answers.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

type Fact = readonly [name: string, value: string];

function factsOf({ session, host, expires, invited }: InvitationLetter, hub: string): Fact[] {
  const facts: Fact[] = [
    ['Session', session.name],
    ['Host', `${host.name} <${host.email}>`],
    ['Computer', session.computer],
    ['Hub', hub],
    ['Link valid until', day(expires)],
  ];
  if (session.description.trim() !== '') facts.splice(1, 0, ['Description', session.description]);
  if (invited) facts.push(['Invited', invited.map(({ name, email }) => `${name} <${email}>`).join(', ')]);
  return facts;
}

const HOW =
  'Copy the link into Hawser: File, Hosted Sessions, then Actions, Take Part. It can be used once. Give it to nobody else: its last part is the key to what the session shows.';

function clientWords({ host }: InvitationLetter): [string, string] {
  return [
    `${host.name} invites you to follow a debugging session. You see everything, from its first line; the host runs the commands.`,
    HOW,
  ];
}

function hostWords(_letter: InvitationLetter): [string, string] {
  return [
    'People were invited to your debugging session. With this link you open it as its host from another computer.',
    HOW,
  ];
}

function plain(name: string, opening: string, facts: readonly Fact[], link: string, closing: string): string {
  const width = Math.max(...facts.map(([fact]) => fact.length)) + 2;
  const indented = (value: string) =>
    value
      .trim()
      .split('\n')
      .join(`\n${' '.repeat(width)}`);
  const lines = facts.map(([fact, value]) => `${`${fact}:`.padEnd(width)}${indented(value)}`);
  return `Hello ${name},\n\n${opening}\n\n${lines.join('\n')}\n\n${link}\n\n${closing}\n`;
}

function html(name: string, opening: string, facts: readonly Fact[], link: string, closing: string): string {
  const rows = facts
    .map(([fact, value]) => {
      const text = escaped(value.trim()).replaceAll('\n', '<br>');
      return `<tr><th style="text-align:left;vertical-align:top;padding-right:1em">${escaped(fact)}</th><td>${text}</td></tr>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"></head>
<body style="font-family:sans-serif">
<p>Hello ${escaped(name)},</p>
<p>${escaped(opening)}</p>
<table>
${rows}
</table>
<p><a href="${escaped(link)}">${escaped(link)}</a></p>
<p>${escaped(closing)}</p>
</body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
