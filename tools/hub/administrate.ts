import { type Administration, administer } from '../../hub/server/administration.ts';
import { withConsole } from '../../hub/server/console.ts';
import { hubParts } from '../../hub/server/hub.ts';
import { UsageError } from '../cli/options.ts';
import { choosePassword } from './password.ts';
import { dataFolder, openStore } from './store.ts';
import { accountLine, accountTable, auditText, instant, sessionTable } from './text.ts';

type Values = ReadonlyMap<string, string>;
type Command = (hub: Administration, words: readonly string[], values: Values) => Promise<void>;

const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Administers the hub that runs. */
export async function administrate(words: readonly string[], values: Values): Promise<number> {
  const [first = '', ...rest] = words.map((word, index) => (index < 2 ? word.toLowerCase() : word));
  const [name, given] =
    first === 'account' ? [`account ${rest[0] ?? ''}`, words.slice(2)] : [first, words.slice(1)];
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`Say what to do: account ${ACCOUNT.join(', account ')}.`);
  if (values.has('nats')) await withStore(values, (hub) => command(hub, given, values));
  else await withConsole(dataFolder(values), (hub) => command(hub, given, values));
  return 0;
}

/** A store that many share needs no hub that runs; those that do hear of the change. */
async function withStore(values: Values, use: (hub: Administration) => Promise<void>): Promise<void> {
  const store = await openStore(values);
  try {
    await use(administer(hubParts(store)));
  } finally {
    await store.close();
  }
}

const ACCOUNT = ['add', 'list', 'change', 'password', 'remove'];

const commands: Readonly<Record<string, Command>> = {
  async 'account add'(hub, words, values) {
    const email = one(words, 'the EMAIL address');
    const name = values.get('name');
    if (name === undefined) throw new UsageError('Give the person’s name with -name NAME.');
    const password = values.has('nopassword') ? null : await choosePassword(values.get('passwordfile'));
    const account = await hub.addAccount({
      email,
      name,
      mayHost: values.has('may-host'),
      mayJoin: values.has('may-join'),
      administrator: values.has('administrator'),
    });
    if (password !== null)
      await hub.setPassword(email, password).catch(async (error) => {
        await hub.removeAccount(email);
        throw error;
      });
    print(`Added ${accountLine(account)}.`);
  },

  async 'account list'(hub, words) {
    none(words);
    print(accountTable(await hub.listAccounts()));
  },

  async 'account change'(hub, words, values) {
    const email = one(words, 'the EMAIL address');
    const name = values.get('name');
    const mayHost = either(values, 'may-host', 'not-host');
    const mayJoin = either(values, 'may-join', 'not-join');
    const administrator = either(values, 'administrator', 'not-administrator');
    const change = {
      ...(name !== undefined && { name }),
      ...(mayHost !== undefined && { mayHost }),
      ...(mayJoin !== undefined && { mayJoin }),
      ...(administrator !== undefined && { administrator }),
    };
    if (Object.keys(change).length === 0) throw new UsageError('Say what to change, as with -may-host.');
    print(`Changed ${accountLine(await hub.changeAccount(email, change))}.`);
  },

  async 'account password'(hub, words, values) {
    const email = one(words, 'the EMAIL address');
    const account = await hub.setPassword(email, await choosePassword(values.get('passwordfile')));
    print(`${account.email} has the new password; who was signed in with the old one has to sign in again.`);
  },

  async 'account remove'(hub, words) {
    const email = one(words, 'the EMAIL address');
    await hub.removeAccount(email);
    print(`Removed ${email.toLowerCase()}, and terminated what it hosted.`);
  },

  async sessions(hub, words) {
    none(words);
    print(sessionTable(await hub.listSessions()));
  },

  async terminate(hub, words) {
    const { name } = await hub.terminate(one(words, 'the SESSION, as hawser hub sessions lists it'));
    print(`Terminated ${name}.`);
  },

  async audit(hub, words, values) {
    none(words);
    const [from, to] = [instant(values.get('from'), 'from'), instant(values.get('to'), 'to')];
    const page = 1000;
    for (let skip = 0; ; skip += page) {
      const lines = await hub.audit(from, to, skip, page);
      for (const line of lines) print(values.has('json') ? JSON.stringify(line) : auditText(line));
      if (lines.length < page) return;
    }
  },
};

function none(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`'${words[0]}' is not expected here.`);
}

function one(words: readonly string[], what: string): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new UsageError(`Give ${what}.`);
  return word;
}

function either(values: Values, yes: string, no: string): boolean | undefined {
  if (values.has(yes) && values.has(no)) throw new UsageError(`-${yes} and -${no} exclude each other.`);
  return values.has(yes) ? true : values.has(no) ? false : undefined;
}
