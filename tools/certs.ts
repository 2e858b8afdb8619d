import { type OptionSpec, optionLines, parseOptions, UsageError } from './cli/options.ts';
import type { Tool } from './cli/tool.ts';

const options: readonly OptionSpec[] = [
  { names: ['machine'], help: "the machine's store (machuser=) instead of this user's (certuser=)" },
  { names: ['days'], value: 'DAYS', help: 'create: how long it is valid; 730 when not given' },
  { names: ['nokey'], help: 'export: without the private key' },
  {
    names: ['passwordfile'],
    value: 'FILE',
    help: 'import, export: the first line of FILE is the password of the certificate file\n(the variable HAWSER_CERT_PASSWORD does the same; else it is asked for)',
  },
];

/** Keeps the certificates that `ssl:` and `spipe:` use. */
export const certs: Tool = {
  name: 'certs',
  summary: 'the certificates for ssl: and spipe:',

  help: () => `hawser certs: the certificates for ssl: and spipe:

Usage:
  hawser certs create NAME [-days DAYS] [-machine]
  hawser certs import FILE [-passwordfile FILE] [-machine]
  hawser certs export NAME FILE [-nokey] [-passwordfile FILE] [-machine]
  hawser certs list [-machine]
  hawser certs show NAME [-machine]
  hawser certs remove NAME [-machine]

NAME is a certificate's subject (its common name) or its thumbprint, SHA-1 or SHA-256, with or without blanks.

Options:
${optionLines(options)}

Files are PEM or PKCS#12; export writes PKCS#12 where FILE ends in .p12 or .pfx, else PEM. Both ends of a connection use the
same certificate and need its private key: create it at one end, export it, import it at the other.

  server$ hawser certs create lab
  server$ hawser certs export lab lab.p12
  client$ hawser certs import lab.p12
  server$ hawser cdb -server ssl:proto=tls1,certuser=lab,port=5005 ./program
  client$ hawser cdb -remote ssl:proto=tls1,certuser=lab,server=HOST,port=5005`,

  async run(argv) {
    const { values, words } = wordsAndOptions(argv);
    // Only here is the library for certificates needed; no other tool is to wait for it.
    const { certsCommands } = await import('./certs/commands.ts');
    const [command = '', ...rest] = words;
    const run = Object.hasOwn(certsCommands, command) ? certsCommands[command] : undefined;
    if (!run)
      throw new UsageError(
        `${command === '' ? 'Say what to do' : `There is no certs ${command}`}: one of ${Object.keys(certsCommands).join(', ')}.`,
      );
    return run(rest, {
      store: values.has('machine') ? 'machine' : 'user',
      days: values.get('days'),
      withKey: !values.has('nokey'),
      passwordFile: values.get('passwordfile'),
    });
  },
};

/** Options may stand between and after the words. */
function wordsAndOptions(argv: readonly string[]) {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let left = argv; left.length > 0; ) {
    const parsed = parseOptions(left, options);
    for (const [name, value] of parsed.values) values.set(name, value);
    words.push(...parsed.rest.slice(0, 1));
    left = parsed.rest.slice(1);
  }
  return { values, words };
}
