import { colorNames } from '../engine/shared-console/colors.ts';
import type { Tool } from './cli/tool.ts';
import { parseRemoteArguments } from './remote/arguments.ts';
import { join } from './remote/join.ts';
import { query } from './remote/query.ts';
import { serve } from './remote/serve.ts';

/** Remote.exe: a console program's text, shared by name. */
export const remote: Tool = {
  name: 'remote',
  summary: 'share a console program by name (Remote.exe), join one, list them',

  help: () => `hawser remote: shares a console program by name, as Remote.exe does

Usage:
  hawser remote /s "COMMAND LINE" NAME [/f COLOR] [/b COLOR] [/u USER…] [/ud USER…] [/v | /-v] [/passwordfile FILE | /certuser CERT]
  hawser remote /c SERVER NAME [/l LINES] [/f COLOR] [/b COLOR] [/k COLORFILE]
                [/passwordfile FILE | /certuser CERT]
  hawser remote /q SERVER

/s  starts the program and shares it; /c joins it; /q lists what a machine shares. The name's case does not count.

  /u USER    lets this user or group of this machine in too (one or several; Everyone: all of them)
  /ud USER   keeps this user or group out
  /v, /-v    shows it in lists, or does not; debuggers (kd, dbg, ntsd, cdb, gdb, lldb) are shown, others are not
  /l LINES   how many lines of what was before are shown (200)
  /f, /b     colour of the text and behind it: ${colorNames.slice(0, 8).join(', ')},
             ${colorNames.slice(8).join(', ')}
  /k FILE    colours lines by words in them: a phrase on a line, "TEXTCOLOR[, BACKGROUND]" on the next

Only you can join, and whom you name with /u. From another machine it takes a password: /passwordfile FILE (its first
line) or the variable HAWSER_PASSWORD, at both ends; or a certificate that both ends have (hawser certs): /certuser CERT
of the user's store, /machuser CERT of the machine's.

In a session: @H help, @M TEXT message to all, @P TEXT pop-up at the server, @Q leave (client), @K end (server).`,

  async run(argv) {
    const args = parseRemoteArguments(argv);
    if (args.kind === 'server') return serve(args);
    return args.kind === 'client' ? join(args) : query(args.server);
  },
};
