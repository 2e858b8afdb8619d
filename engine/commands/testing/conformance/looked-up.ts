/**
 * Layouts that WinDbg's documentation does not show where it describes the command, and what looking again brought: in other pages of
 * it, in sessions that people have published, or nothing.
 */
export const lookedUp: readonly { readonly what: string; readonly found: string }[] = [
  {
    what: '`.wtitle`: whether a semicolon ends it',
    found:
      'The documentation says no more than that it takes a title. The rest of the line, as for `.create`.',
  },
  {
    what: '`.attach` and passes of `bp`: whether numbers are in the base of `n`',
    found:
      'The documentation does not say; nor do published sessions. They are, as all numbers are for which the documentation makes no exception: `0n` for decimal ones.',
  },
  {
    what: '`?`: a name that is not known; an operand that is missing',
    found:
      "Published sessions: `Couldn't resolve error at 'NAME …'` with the rest of the expression; `Numeric expression missing from '<EOL>'` where the line ends too early. There the lines have no `^` before them; here it stands under the place in both, since lines can be long.",
  },
  {
    what: '`??`: unsigned numbers',
    found:
      "The documentation, under C++ expressions: `unsigned int 0x771e1a02`. Characters: `char 0n97 'a'` by one published test, `104 'h'` in sessions and for members of structures in the documentation; the latter is what is shown.",
  },
  {
    what: '`.formats`: values of 64 bits',
    found:
      'Published sessions: as here (22 octal digits, eight bytes, the time of 32-bit numbers). The newest engines add a line `Decimal (unsigned)`, which the documentation does not have and neither has this.',
  },
  {
    what: '`n`: what it prints',
    found: 'Neither the documentation nor published sessions show it. `base is 16`, as known from use.',
  },
  {
    what: '`.printf`: `%y`',
    found:
      'Published sessions: `module!name+0x12 (00007ffc`987954d0)`. Of `%ly` none was found; the source line stands before the address, as in other places.',
  },
  {
    what: '`bl`: disabled breakpoints, data breakpoints, those of one thread',
    found:
      'Published sessions: the link is `Enable` where the breakpoint is disabled; type, size and passes follow the address by one blank each (`00ab1000 w 4 0001 (0001)  0:**** `). None shows one of a single thread: `0:~002`, as known from use.',
  },
  {
    what: '`sx`: columns, and how events are listed that are no exceptions',
    found:
      'A published listing, and the indentation in the documentation’s sample: codes are flush right in four columns, events have no last column, exceptions follow after an empty line, and `bpe` and `cce` have their handling in a line of their own (`bpec`, `cc`). So it is here.',
  },
  {
    what: '`~`: the mark of a thread that is current and had the event; lines of `~*` and `~N`',
    found:
      'Published sessions: `.` where a thread is both; `      Start: module!name (address)`, `      Priority: 0  Priority class: 32  Affinity: f`. The class is Linux’ scheduling policy here.',
  },
  {
    what: '`||`: a live target',
    found:
      'Published sessions: `.  0 Live user mode: <Local>`. Process and program follow here, since each target is a system of its own.',
  },
  {
    what: '`.tlist`: its lines',
    found:
      'The documentation says that process ids have `0n` before them; no listing was found. ` 0n6700 loop`.',
  },
  {
    what: '`dyb`, `dyd`',
    found:
      'Published sessions of `dyb`: two lines of headings over the bits, four bytes a line, values behind two blanks. None of `dyd` was found: the same with bits numbered from 31 down.',
  },
  {
    what: '`f`: what it prints',
    found: 'A published session: `Filled 0x40 bytes`.',
  },
  {
    what: '`c`: its lines',
    found:
      'The documentation says that places that differ are shown, without a sample; none was found. Address and byte of either side: `00405000  54 - 00406000  00`.',
  },
  {
    what: '`s -[1]`: addresses alone',
    found: 'Published sessions: with `0x` before them, and a grave on 64-bit targets. So it is here.',
  },
  {
    what: '`.writemem`, `.readmem`: what they print',
    found:
      'Published sessions: `Writing 2319 bytes.....`, a dot for every 0x800 bytes. So it is here, up to one line of dots.',
  },
  {
    what: '`.dvalloc`, `.dvfree`: what they print',
    found:
      'Published sessions: `Allocated 1000 bytes starting at 00000211`43d60000`, `Freed 0 bytes starting at 00280000`: the number that the system gave back. Here it is the number of bytes freed.',
  },
  {
    what: '`dt`: names of types, bit fields, signed members',
    found:
      'Other pages of the documentation and published sessions: `Uint4B`, `Ptr64 node`, `Pos 0, 1 Bit`, `Pos 3, 5 Bits`; `0n` before signed numbers in sessions of current engines. So it is here.',
  },
  {
    what: '`dv`: kinds of `/i`, columns of `/v` and `/V`',
    found:
      'Published sessions: `prv local  `, `prv param  `; the documentation (optimised code) and sessions for the columns: address or register in 17, then the name flush right in 15; with `/t` the type follows at once. So it is here.',
  },
  {
    what: '`ln`: an address that a symbol has exactly; the source line',
    found:
      'Published sessions: `Exact matches:`, then the name with its parameters’ types, or `= <no type information>`. Sessions that have lines show `FILE(LINE)` or `[FILE @ LINE]` before the symbols; here it is `FILE(LINE)+0x2` in a line of its own.',
  },
  {
    what: '`dx`: `@$curstack` and its like',
    found: 'The documentation does not list `@$curstack`. There is no object model here (see `dx`).',
  },
  {
    what: '`k`: headings of `kf` and `kc`, lines of `kP`',
    found:
      'Published sessions: ` #   Memory  Child-SP          RetAddr               Call Site`, ` # Call Site`; parameters behind three tabs each, with `, ` at the line’s end. So it is here.',
  },
  {
    what: '`r`: one flag; the mask at the start',
    found:
      'The documentation has `r zf` without its output, and `rm` with `Register output mask is a:` and both its lines. `zf=1`, as for registers.',
  },
  {
    what: '`rF`: its lines',
    found:
      'Published sessions: `fpcw=027F: rn 53 puozdi  fpsw=0000: top=0 cc=0000 --------  fptw=FFFF`, then two registers a line. So it is here.',
  },
  {
    what: '`uf`: without code; `/c`',
    found:
      'Published sessions: `No code found, aborting`; calls as `  name+0x1c (address):` and `    call to name (address)`. So it is here, with source lines where there are some.',
  },
  {
    what: '`.reload /u`: what it prints',
    found:
      'The documentation: `Unloaded ntdll.dll`. GDB keeps symbols for as long as a module is mapped, so it is refused here.',
  },
  {
    what: '`.symopt`: what it prints',
    found:
      'Published sessions: `Symbol options are 0x30337:`, then a line `  0x00000001 - SYMOPT_CASE_INSENSITIVE` for each. So it is here.',
  },
  {
    what: '`.effmach`: what it prints',
    found: 'Published sessions and scripts that read it: `Effective machine: x64 (AMD64)`.',
  },
  {
    what: '`.dump`: what it prints',
    found:
      'Published sessions: `Creating a.dmp - mini user dump`, `Dump successfully written`. Core files are called what they are here.',
  },
  {
    what: 'An extension that is not there',
    found: 'A published session: `No export runaway2 found`. So it is here, with a hint behind it.',
  },
  {
    what: '`!address -summary`: its tables',
    found:
      'Published sessions: `--- Usage Summary ---------------- RgnCount ----------- Total Size -------- %ofBusy %ofTotal` and rows with sizes in both forms. So it is here.',
  },
  {
    what: '`!runaway`: its columns and order',
    found:
      'Published sessions of current engines, unlike the documentation: `   13:4e1c     0 days 0:01:11.203`, the most time first, no empty lines between the tables. So it is here.',
  },
  {
    what: '`!gle`, `!error`',
    found:
      'Published sessions: `LastErrorValue: (Win32) 0 (0) - …`, with `-all` below `Last error for thread 0:` and with an empty line after each. So it is here, with errno; there is no second status on Linux.',
  },
  {
    what: '`!uptime`',
    found:
      'It is not in the documentation. `System Uptime:` and `Process Uptime:` as `.time` has them, by the samples of dump files there.',
  },
  {
    what: '`!analyze`: `FAILURE_BUCKET_ID`',
    found:
      'Samples elsewhere in the documentation (Driver Verifier): `FAILURE_BUCKET_ID:  code_…_module!function`. So it is here.',
  },
];
