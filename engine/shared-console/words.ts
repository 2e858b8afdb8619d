/** What Remote.exe's windows say, to the column. Times are the server's. */

const BAR = '*'.repeat(38);

export function banner(end: 'SERVER' | 'CLIENT'): string {
  return `${BAR}\n***********     REMOTE    ************\n***********     ${end}    ************\n${BAR}\n`;
}

/** `Thu 2:15 PM`, in this machine's time zone. */
export function shortTime(now: Date): string {
  const day = now.toLocaleDateString('en-US', { weekday: 'short' });
  // Newer Node versions put a narrow no-break space before AM and PM.
  const time = now.toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' }).replace(/\s/g, ' ');
  return `${day} ${time}`;
}

export interface Person {
  readonly host: string;
  readonly user: string;
}

export const toConnect = (host: string, name: string) =>
  `To Connect: Remote /C ${host.toUpperCase()} "${name}"\n`;

export const connected = ({ host, user }: Person, now: Date) =>
  `**Remote: Connected to ${host.toUpperCase()} ${user} [${shortTime(now)}]\n`;

export const disconnected = ({ host, user }: Person, now: Date) =>
  `**Remote:  Disconnected from ${host.toUpperCase()} ${user}  [${shortTime(now)}]\n`;

/** What somebody typed, as the other windows show it; null: at the server itself. */
export function typed(line: string, from: Person | null, now: Date): string {
  return `${line}     [${from ? from.host.toUpperCase() : 'Local'}       ${shortTime(now)}]\n`;
}

export const popUp = (text: string, from: Person | null, now: Date) =>
  `From ${from ? from.host.toUpperCase() : 'Local'}  [${shortTime(now)}]\n ${text}\n`;

/** @param shown what the window shows so far, its end at least */
export const sessionOver = (shown: string) =>
  `${shown === '' || shown.endsWith('\n') ? '' : '\n'}*** SESSION OVER ***\n`;

export function protectedServer(names: readonly string[]): string {
  const lines = names.map((name) => `    ${name}\n`).join('');
  return `Protected Server!  Only the following users or groups can connect:\n${lines}`;
}

export const help = (end: 'server' | 'client') => `@H            shows these commands
@M TEXT       shows TEXT in every window
@P TEXT       pops TEXT up at the server, and shows it in every client's window
${
  end === 'client'
    ? '@Q            leaves this session; it goes on for the others\n'
    : '@K            disconnects everybody and ends the session\n'
}Anything else goes to the program.
`;
