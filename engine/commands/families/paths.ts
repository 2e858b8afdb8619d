import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

type Which = 'symbolPath' | 'sourcePath';

export async function setPath(context: CommandContext, which: Which, path: readonly string[]): Promise<void> {
  context.state[which] = path;
  for (const { backend } of context.state.systems) {
    if (which === 'symbolPath') await backend?.setSymbolPath(path);
    else await backend?.setSourcePath(path);
  }
  for (const system of context.state.systems) system.forgetModules();
}

/** `.sympath[+] [Path;Path]`: shows, replaces, or adds. */
function path(which: Which, title: string): CommandEntry['run'] {
  return async (context: CommandContext, args: Args): Promise<Control | undefined> => {
    const adds = context.name.endsWith('+');
    const typed = args.rest().replace(/^"(.*)"$/, '$1');
    const parts = typed
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (typed !== '') await setPath(context, which, adds ? [...context.state[which], ...parts] : parts);
    const shown = context.state[which].join(';') || '<empty>';
    context.print(`${title} is: ${shown}`);
    if (which === 'symbolPath') context.print(`Expanded ${title} is: ${shown}`);
    return undefined;
  };
}

const common = { family: 'Symbols and types', needs: 'none', wholeLine: true } as const;

export const pathCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.sympath',
    aliases: ['.sympath+'],
    syntax: ['.sympath', '.sympath Path[;Path …]', '.sympath+ Path'],
    summary: 'Shows or sets where symbols are looked for.',
    help: 'Folders of the machine where the engine runs. With + they are added.',
    example: '.sympath+ /srv/symbols',
    run: path('symbolPath', 'Symbol search path'),
  },
  {
    ...common,
    name: '.srcpath',
    aliases: ['.srcpath+'],
    syntax: ['.srcpath', '.srcpath Path[;Path …]', '.srcpath+ Path'],
    summary: 'Shows or sets where source files are looked for.',
    help: 'Folders of the machine where the engine runs. With + they are added.',
    example: '.srcpath /srv/sources',
    run: path('sourcePath', 'Source search path'),
  },
  {
    ...common,
    name: '.lsrcpath',
    aliases: ['.lsrcpath+'],
    syntax: ['.lsrcpath', '.lsrcpath Path[;Path …]', '.lsrcpath+ Path'],
    summary: 'Shows or sets where this client looks for source files on its own machine.',
    help: 'Each front has its own; it never reaches the session.',
    example: '.lsrcpath+ /home/me/loop',
    front: true,
    run: async () => undefined,
  },
];
