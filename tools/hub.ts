import { type OptionSpec, optionLines, parseOptions, UsageError } from './cli/options.ts';
import type { Tool } from './cli/tool.ts';

const data: OptionSpec = {
  names: ['data'],
  value: 'FOLDER',
  help: 'where everything is kept; ~/.local/share/hawser/hub when not given',
};
const nats: OptionSpec = {
  names: ['nats'],
  value: 'URLS',
  help: 'keeps everything in NATS JetStream instead, for any number of hubs side by side:\nnats://HOST:PORT,… or a file of settings (see docs/hub.md); user and password in\nHAWSER_NATS_USER and HAWSER_NATS_PASSWORD',
};
const natsCreds: OptionSpec = {
  names: ['nats-creds'],
  value: 'FILE',
  help: 'the credentials file of the NATS account',
};
const natsCa: OptionSpec = {
  names: ['nats-ca'],
  value: 'FILE',
  help: 'PEM: the authority that signed the NATS servers’ certificates',
};

const serving: readonly OptionSpec[] = [
  data,
  nats,
  natsCreds,
  natsCa,
  { names: ['port'], value: 'PORT', help: 'the HTTPS port; 8443 when not given' },
  { names: ['bind'], value: 'ADDRESS', help: 'listens on this address only' },
  {
    names: ['url'],
    value: 'URL',
    help: 'how others reach it, as it stands in invitations: https://HOST[:PORT]; this\nmachine’s name and the port when not given',
  },
  {
    names: ['cert'],
    value: 'FILE',
    help: 'PEM: its certificate, with -key FILE; without them it makes one for itself, whose\nfingerprint people compare',
  },
  { names: ['key'], value: 'FILE', help: 'PEM: the key of -cert' },
  {
    names: ['max-connections'],
    value: 'COUNT',
    help: 'connections at once; 20000 when not given',
  },
  {
    names: ['max-per-address'],
    value: 'COUNT',
    help: 'of one address (of IPv6: one /64); 200 when not given',
  },
  {
    names: ['max-sign-ins'],
    value: 'COUNT',
    help: 'attempts to sign in from one address at once, a hundredth of it more each second;\n30 when not given',
  },
  {
    names: ['max-history'],
    value: 'MIB',
    help: 'of one session, as it is stored; then the session ends. 4096 when not given',
  },
  { names: ['name'], value: 'NAME', help: 'what it is called; this machine’s name when not given' },
  { names: ['contact'], value: 'TEXT', help: 'where people ask for an account: an address or a URL' },
  {
    names: ['administrator'],
    value: 'EMAIL',
    help: 'the account made at the first start; administrator@localhost when not given',
  },
  {
    names: ['smtp'],
    value: 'URL',
    help: 'sends invitations by this mail server: smtp://[USER@]HOST[:PORT] (STARTTLS) or\nsmtps://…; the password in HAWSER_SMTP_PASSWORD or in -smtp-passwordfile FILE',
  },
  {
    names: ['smtp-passwordfile'],
    value: 'FILE',
    help: 'the first line of FILE is the mail server’s password',
  },
  { names: ['from'], value: 'ADDRESS', help: 'the sender of invitations: ADDRESS or NAME <ADDRESS>' },
  {
    names: ['oidc'],
    value: 'ISSUER',
    help: 'people may sign in by this OpenID Connect provider, with -oidc-client ID; the secret\nin HAWSER_OIDC_SECRET or in -oidc-secretfile FILE',
  },
  { names: ['oidc-client'], value: 'ID', help: 'what the provider knows this hub as' },
  { names: ['oidc-secretfile'], value: 'FILE', help: 'the first line of FILE is the client’s secret' },
  {
    names: ['oidc-join'],
    help: 'who signs in by the provider and has no account gets one that may join sessions',
  },
];

const administering: readonly OptionSpec[] = [
  data,
  nats,
  natsCreds,
  natsCa,
  { names: ['name'], value: 'NAME', help: 'add, change: the person’s name' },
  { names: ['may-host'], help: 'add, change: may host sessions' },
  { names: ['may-join'], help: 'add, change: may be invited to sessions' },
  { names: ['administrator'], help: 'add, change: may terminate any session' },
  { names: ['not-host'], help: 'change: may no longer host sessions' },
  { names: ['not-join'], help: 'change: may no longer be invited' },
  { names: ['not-administrator'], help: 'change: is an administrator no longer' },
  {
    names: ['passwordfile'],
    value: 'FILE',
    help: 'add, password: the first line of FILE is the password (HAWSER_PASSWORD does the\nsame; else it is asked for)',
  },
  {
    names: ['nopassword'],
    help: 'add: without a password, for who signs in by the provider',
  },
  { names: ['from'], value: 'TIME', help: 'audit: from then on: 2026-05-01, or 2026-05-01T12:30' },
  { names: ['to'], value: 'TIME', help: 'audit: up to then' },
  { names: ['json'], help: 'audit: a line of JSON each' },
];

const hosting: readonly OptionSpec[] = [
  { names: ['now'], help: 'stop: do not wait for the hub; what it does not have yet is given up' },
];

const ADMINISTERING = ['account', 'audit', 'sessions', 'terminate'];
const HOSTING = ['agents', 'stop'];
const COMMANDS = [...ADMINISTERING, ...HOSTING];

/** Where hosted sessions meet. */
export const hub: Tool = {
  name: 'hub',
  summary: 'where hosted sessions meet: accounts, invitations, histories',

  help: () => `hawser hub: where hosts and invited people of hosted sessions meet

Usage:
  hawser hub [OPTIONS]
  hawser hub account add EMAIL -name NAME [-may-host] [-may-join] [-administrator]
  hawser hub account list
  hawser hub account change EMAIL [-name NAME] [-[may|not]-host] [-[may|not]-join] [-[not-]administrator]
  hawser hub account password EMAIL [-passwordfile FILE]
  hawser hub account remove EMAIL
  hawser hub sessions
  hawser hub terminate SESSION
  hawser hub audit [-from TIME] [-to TIME] [-json]
  hawser hub agents
  hawser hub stop SESSION [-now]

The first form runs the hub until Ctrl+C or SIGTERM. The last two are for the computer of a host: they list the hosted
sessions whose debuggers you run there, and end one, which terminates its session. All others administer the hub that runs on the same -data FOLDER of this
machine, as the same user (or, with -nats, any hub on those servers).

Options of the first form:
${optionLines(serving)}

Options of the others:
${optionLines(administering)}
${optionLines(hosting)}

At the first start it makes an account for the administrator and says how to give it a password. No password or secret goes
on a command line. docs/hub.md has the rest.

  hub$  hawser hub -url https://hub.example.com:8443 -contact help@example.com
  hub$  hawser hub account add ann@example.com -name "Ann Example" -may-host -may-join`,

  async run(argv) {
    const first = commandOf(argv);
    const options = first === null ? serving : HOSTING.includes(first) ? hosting : administering;
    const { values, words } = wordsAndOptions(argv, options);
    // Only here are the store and its libraries needed; no other tool is to wait for them.
    if (words.length === 0) return (await import('./hub/serve.ts')).serve(values);
    if (first !== null && HOSTING.includes(first)) {
      const { agents, stop } = await import('./hub/agents.ts');
      return first === 'agents' ? agents(words.slice(1)) : stop(words.slice(1), values.has('now'));
    }
    const { administrate } = await import('./hub/administrate.ts');
    return administrate(words, values);
  },
};

/** Null: the hub is to run. */
function commandOf(argv: readonly string[]): string | null {
  const first = argv[0]?.toLowerCase() ?? '';
  if (COMMANDS.includes(first)) return first;
  if (first !== '' && !/^[-\u2013/]/.test(first))
    throw new UsageError(`There is no hub ${first}: one of ${COMMANDS.join(', ')}.`);
  return null;
}

/** Options may stand between and after the words. */
function wordsAndOptions(argv: readonly string[], options: readonly OptionSpec[]) {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let left = argv; left.length > 0; ) {
    const parsed = parseOptions(left, options);
    for (const [name, value] of parsed.values) values.set(name, value);
    words.push(...parsed.rest.slice(0, 1));
    left = parsed.rest.slice(1);
  }
  if (words.length > 0 && !COMMANDS.includes(words[0]?.toLowerCase() ?? ''))
    throw new UsageError(`'${words[0]}' is not expected here.`);
  return { values, words };
}
