import type { ModuleInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { hexDigits } from '../../format/address.ts';
import { MACHINES } from '../../machine/elf.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { type ElfSegment, type Loaded, loadedModules } from '../modules/loaded.ts';
import { expectUser } from '../process/proc-files.ts';

const hex = (value: bigint | number, digits = 16): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** `!dlls [-l|-m] [-f] [-s] [-a] [-v] [-c Address] [Base]`. */
async function dlls(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  expectUser(state, '!dlls');
  const shown = new Set<string>();
  let inside: bigint | null = null;
  for (
    let option = args.match(/-([lmfsavc])(?=\s|$)/y);
    option;
    option = args.match(/-([lmfsavc])(?=\s|$)/y)
  ) {
    const letter = option[1] ?? '';
    if (letter === 'c') inside = await context.evaluate(args);
    for (const each of letter === 'a' ? 'fsv' : letter) shown.add(each);
  }
  const base = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  let chosen = [...(await loadedModules(state))];
  if (shown.has('m')) chosen.sort((a, b) => (a.module.start < b.module.start ? -1 : 1));
  if (inside !== null) {
    const at = inside;
    chosen = chosen.filter(({ module }) => at >= module.start && at < module.end);
    context.print(`Dump dll containing ${hex(at)}:\n`);
  }
  if (base !== null)
    chosen = chosen.filter(({ module, entry }) => module.start === base || entry?.address === base);
  for (const each of chosen) {
    state.cancel.check();
    context.print(`${moduleLines(each, shown).join('\n')}\n`);
  }
  if (chosen.length === 0) context.print('No module is there.');
  return undefined;
}

const PT_TLS = 7;

function moduleLines({ module, entry, header }: Loaded, shown: ReadonlySet<string>): string[] {
  const bias = header?.type === 2 ? 0n : (entry?.bias ?? module.start);
  const start = header && header.entryPoint !== 0n ? bias + header.entryPoint : 0n;
  const storage = header?.segments.find(({ type }) => type === PT_TLS)?.memorySize ?? 0n;
  return [
    `${entry ? hex(entry.address) : '(not of the loader)'}: ${module.path}`,
    `      Base   ${hex(module.start)}  EntryPoint  ${hex(start)}  Size        ${hex(module.end - module.start, 8)}`,
    `      Bias   ${hex(bias)}  Dynamic     ${hex(entry?.dynamic ?? 0n)}  TlsSize     ${hex(storage, 8)}`,
    ...(shown.has('v') ? [`      Build ID ${module.buildId ?? '(none)'}, symbols: ${module.symbols}`] : []),
    ...(shown.has('f') && header
      ? [
          '   ELF HEADER',
          `      ${header.type === 2 ? 'EXEC' : 'DYN'} type, ${MACHINES[header.machine] ?? header.machine} machine`,
          `      ${hex(header.entryPoint, 8)} entry, ${header.headerCount} program headers at ${hex(header.headerOffset, 1)}`,
        ]
      : []),
    ...(shown.has('s') && header ? ['   SEGMENTS', ...header.segments.map(segmentLine)] : []),
  ];
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'LOAD',
  2: 'DYNAMIC',
  3: 'INTERP',
  4: 'NOTE',
  6: 'PHDR',
  7: 'TLS',
  1685382480: 'EH_FRAME',
  1685382481: 'STACK',
  1685382482: 'RELRO',
  1685382483: 'PROPERTY',
};

function segmentLine({ type, flags, offset, address, fileSize, memorySize }: ElfSegment): string {
  const rights = `${flags & 4 ? 'r' : '-'}${flags & 2 ? 'w' : '-'}${flags & 1 ? 'x' : '-'}`;
  const name = (TYPES[type] ?? hex(type, 8)).padEnd(10);
  return `      ${name} ${rights} offset ${hex(offset, 8)} address ${hex(address, 8)} file ${hex(fileSize, 8)} memory ${hex(memorySize, 8)}`;
}

/** `!lmi {Module|Address}`: what the header and the loader say of one. */
async function moduleFacts(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const all = await loadedModules(context.state);
  const wanted = args.peekRest().toLowerCase();
  let chosen = all.find(({ module }) => module.name.toLowerCase() === wanted);
  if (!chosen) {
    const address = await context.evaluate(args);
    args.expectEnd();
    chosen = all.find(({ module }) => address >= module.start && address < module.end);
  }
  if (!chosen) throw engineErrors.badArgument('There is no module at that address', at);
  context.print(factLines(chosen, context.state.pointerSize).join('\n'));
  return undefined;
}

const LOADED: Readonly<Record<ModuleInfo['symbols'], readonly [string, string]>> = {
  deferred: ['DEFERRED', 'not read yet'],
  dwarf: ['DWARF', 'private symbols & lines'],
  exports: ['EXPORT', 'export symbols'],
  none: ['NONE', 'no symbols'],
};

function factLines({ module, entry, header }: Loaded, pointerSize: 4 | 8): string[] {
  const [type, report] = LOADED[module.symbols];
  const machine = header && `${header.machine} (${MACHINES[header.machine] ?? 'unknown'})`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Module', module.name],
    ['Base Address', hexDigits(module.start, pointerSize * 2)],
    ['Image Name', module.path],
    ['Machine Type', machine],
    ['Build ID', module.buildId ?? 'none'],
    ['Size', (module.end - module.start).toString(16)],
    ['Characteristics', header && `${header.type} ${header.type === 2 ? 'fixed addresses' : 'any address'}`],
    ['Loader Entry', entry && hexDigits(entry.address, pointerSize * 2)],
    ['Symbol Type', `${type.padEnd(8)} - ${module.symbolFile ?? 'no file of symbols'}`],
    ['Load Report', report],
  ];
  const known = facts.filter(([, text]) => text !== null);
  return [
    `Loaded Module Info: [${module.name}] `,
    ...known.map(([name, text]) => `${name.padStart(15)}: ${text}`),
  ];
}

export const dllCommands: readonly CommandEntry[] = [
  {
    name: '!dlls',
    family: 'Symbols and types',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!dlls [-l|-m] [-f] [-s] [-v] [-a] [-c Address] [Base]'],
    summary: 'Lists loaded libraries as the loader has them.',
    help: 'In the order of loading (-l, the default) or of memory (-m). -f adds the ELF header, -s the segments, -v build id and symbols, -a all of these; -c takes the one that holds an address, Base the one that begins there (or whose entry of the loader’s list is there). Of machines of 64 bits.',
    differences:
      'Entries are those of the loader’s list (link_map). Flags and LoadCount are not shown: glibc keeps them in a part that it does not publish; Bias, Dynamic and TlsSize stand there. Order of initialisation (-i) is not kept.',
    example: '!dlls -c @$ip',
    run: dlls,
  },
  {
    name: '!lmi',
    family: 'Symbols and types',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!lmi {Module|Address}'],
    summary: 'Shows what the header and the loader say of a module.',
    help: 'The module by name, or by an address in it. The header is read from memory, of machines of 64 bits.',
    differences:
      'ELF has neither time stamp nor checksum nor directories of debug data: the build id stands in their place.',
    example: '!lmi loop',
    run: moduleFacts,
  },
];
