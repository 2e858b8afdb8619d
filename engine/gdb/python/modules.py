# Modules and what their symbols come from.


@method
def modules():
    main = gdb.current_progspace().filename
    sections = debug_files()
    rows = []
    extra = {}
    for objfile in gdb.objfiles():
        if not objfile.is_valid() or objfile.filename is None:
            continue
        if objfile.owner is not None:
            extra.setdefault(objfile.owner.filename, []).append(objfile.filename)
        else:
            rows.append({'file': objfile.filename, 'id': objfile.build_id})
    for row in rows:
        row['extra'] = extra.get(row['file'], [])
        row['dwarf'] = any(name in sections for name in [row['file']] + row['extra'])
    return {'main': main, 'modules': rows, 'mappings': mappings(), 'vdso': vdso()}


def debug_files():
    # Names of the object files that have a .debug_info section.
    found = set()
    current = None
    try:
        text = gdb.execute('maint info sections -all-objects', to_string=True)
    except gdb.error:
        return found
    for line in text.splitlines():
        match = re.match(r"(?:Object file|Exec file|Core file): `(.*)', file type", line.strip())
        if match is None:
            match = re.match(r"`(.*)', file type", line.strip())
        if match is not None:
            current = match.group(1)
        elif current is not None and ' .debug_info' in line:
            found.add(current)
    return found


def mappings():
    # [start, end, offset, path] of what is mapped from files, and of the vdso.
    try:
        text = gdb.execute('info proc mappings', to_string=True)
    except gdb.error:
        return []
    rows = []
    for line in text.splitlines():
        match = re.match(r'\s*0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+(?:[-rwxsp]{4}\s+)?(\S.*)$', line)
        if match is not None:
            rows.append(list(match.groups()))
    return rows


def vdso():
    try:
        match = re.search(r'AT_SYSINFO_EHDR.*0x([0-9a-f]+)', gdb.execute('info auxv', to_string=True))
    except gdb.error:
        return None
    return match.group(1) if match else None


@method
def auxv_entry():
    match = re.search(r'AT_ENTRY.*0x([0-9a-f]+)', gdb.execute('info auxv', to_string=True))
    return match.group(1) if match else None


@method
def dump_symbols(files, out):
    # One file for each object file: a module's own and its separate debug file's.
    made = []
    for index, name in enumerate(files):
        path = '%s.%d' % (out, index)
        gdb.execute('maint print msymbols -objfile %s %s' % (quoted_file(name), quoted_file(path)), to_string=True)
        made.append(path)
    return made


@method
def lines(addresses):
    answer = []
    for text in addresses:
        sal = gdb.current_progspace().find_pc_line(int(text, 16))
        answer.append([sal.symtab.fullname(), sal.line, to_hex(sal.pc)] if sal.symtab is not None and sal.line > 0 else None)
    return answer


@method
def addresses_of_line(file, line):
    try:
        places = gdb.decode_line('%s:%d' % (quoted_file(file), line))[1] or ()
    except gdb.error:
        return []
    answer = set()
    for place in places:
        if place.symtab is None:
            continue
        starts = [entry.pc for entry in place.symtab.linetable().line(place.line) or ()]
        answer.update(line_starts(starts) or [place.pc])
    return [to_hex(pc) for pc in sorted(answer)]


def line_starts(starts):
    # A line may have several ranges in one function; its code begins at the lowest of each function.
    lowest = {}
    for pc in starts:
        block = gdb.block_for_pc(pc)
        while block is not None and block.function is None and block.superblock is not None:
            block = block.superblock
        key = block.start if block is not None else pc
        lowest[key] = min(pc, lowest.get(key, pc))
    return list(lowest.values())


@method
def program_counter():
    return to_hex(gdb.newest_frame().pc())
