import { engineErrors } from '../errors.ts';
import type { Args } from './args.ts';
import type { CommandEntry } from './entry.ts';

/**
 * Secure mode, command by command: what would touch the machine that the debugger runs on is refused, to everybody. The
 * table has every command; one that is in neither half, and does not say of itself that it touches the target alone
 * (`secure: 'allowed'`), is refused too.
 */

/** These read and write the target, the screen and the session, and nothing else. */
const ALLOWED: ReadonlySet<string> = new Set(
  [
    'g gh gn gu p pr pa pc pt ph pct t tr ta tc tt th tct wt',
    'bp bu bm ba bl bc bd be br bs',
    '~ ~s ~n ~m ~f ~u | || |s ||s !process .process .thread',
    'k kb kc kp kv kn kf kd dv .frame .f+ .f- !for_each_frame !for_each_local !uniqstack !findstack r rm u ub uf',
    'd da db dc dd dD df dp dq du dw dW dyb dyd dds dps dqs dda ddp ddu dpa dpp dpu dqa dqp dqu',
    'e ea eb ed eD ef ep eq eu ew eza ezu s c f fp m',
    '.reload !irql !db !dc !dd !dp !dq !du !dw !eb !ed !eq !ew !pte !vtop !dmesg',
    'dt dtx dx dl x ln lm ? ?? n .formats .lastevent vertarget version .echo .help .effmach',
    '.input .servers .server .endsrv .clients .clientrole .endclient .remote_exit .endpsrv',
    'q qd qq qqd .reboot .crash .secure .prompt_allow',
  ]
    .join(' ')
    .split(' '),
);

/** These show where something is, and set it with an argument: a folder or file of the host. */
const SHOWS_ONLY: ReadonlySet<string> = new Set([
  '.sympath',
  '.srcpath',
  '.lsrcpath',
  '.exepath',
  '.logfile',
]);

const REFUSED: Readonly<Record<string, string>> = {
  '.gdb': "GDB's own language can run anything",
  '.shell': 'it runs programs of this machine',
  '.attach': 'it debugs processes of this machine',
  '.create': 'it starts programs',
  '.createdir': 'it names a folder that programs start in',
  '.restart': 'it starts a program',
  '.tlist': 'it lists the processes of a machine',
  '.detach': 'the kernel would go on without its debugger',
  '.abandon': 'the kernel would go on without its debugger',
  '.kill': 'it ends programs',
  '.logopen': 'it writes a file',
  '.logappend': 'it writes a file',
  '.logclose': 'it belongs to a file of this machine',
  '.dump': 'it writes a file',
  '.opendump': 'it reads a file',
  '.writemem': 'it writes a file',
  '.dml_start': 'it reads a file of this machine',
  '.symfix': 'it names folders and servers that symbols come from',
  ls: 'it reads source files of this machine',
  lsa: 'it reads source files of this machine',
  lsc: 'it tells a path of this machine',
  lsf: 'it reads source files of this machine',
  '!addsourcemap': 'it names folders of this machine',
  '!removesourcemaps': 'it names folders of this machine',
  '!sourcemaps': 'it tells paths of this machine',
  '.readmem': 'it reads a file',
  a: 'it runs the assembler of this machine',
  '.load': 'it runs code of a file',
  '.netuse': 'it opens folders of other machines',
  '$<': 'it reads a file of this machine',
  '$><': 'it reads a file of this machine',
  '$$<': 'it reads a file of this machine',
  '$$><': 'it reads a file of this machine',
  '$$>a<': 'it reads a file of this machine',
  '.hostaccess': 'nobody touches this machine',
  '.quit_lock': 'who may end the program is not changed',
  '.remote_exe': 'it starts a program',
  '.remote': 'it opens a pipe of this machine, and who joins by it needs no password',
};

/** What secure mode makes of a command. */
export type SecureRule = 'allowed' | 'shows only' | { readonly why: string };

/** Null: nobody has decided, and it is refused. */
export function secureRule({ name, secure }: Pick<CommandEntry, 'name' | 'secure'>): SecureRule | null {
  if (secure === 'allowed' || ALLOWED.has(name)) return 'allowed';
  if (SHOWS_ONLY.has(name)) return 'shows only';
  const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  return why === undefined ? null : { why };
}

/** @throws HawserError `SECURE_MODE` */
export function refuseInSecureMode(entry: CommandEntry, args: Args): void {
  const rule = secureRule(entry);
  if (rule === 'allowed') return;
  if (rule === 'shows only') {
    if (args.peekRest().trim() === '') return;
    throw engineErrors.secureMode(entry.name, 'with an argument it names files of this machine');
  }
  throw engineErrors.secureMode(entry.name, rule?.why ?? 'it is not known to touch the target alone');
}
