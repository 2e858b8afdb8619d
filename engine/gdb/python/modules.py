# Modules and what their symbols come from.


@method
def modules(mapped=True):
    # `mapped`: with what is mapped, where it is not known otherwise.
    main = gdb.current_progspace().filename
    sections = section_facts()
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
        row['dwarf'] = any(sections.get(name, {}).get('dwarf') for name in [row['file']] + row['extra'])
        if row['file'] in sections and sections[row['file']]['from'] is not None:
            row['from'] = to_hex(sections[row['file']]['from'])
            row['to'] = to_hex(sections[row['file']]['to'])
    if not mapped:
        return {'main': main, 'modules': rows, 'mappings': [], 'vdso': None}
    return {'main': main, 'modules': rows, 'mappings': mappings(), 'vdso': vdso()}


def section_facts():
    # By name of the object file: whether it has debug information, and where its sections lie.
    found = {}
    current = None
    try:
        text = gdb.execute('maint info sections -all-objects .debug_info .text .init .dynamic .data .bss', to_string=True)
    except gdb.error:
        return found
    for line in text.splitlines():
        match = re.match(r"(?:Object file|Exec file|Core file): `(.*)', file type", line.strip())
        if match is None:
            match = re.match(r"`(.*)', file type", line.strip())
        if match is not None:
            current = found.setdefault(match.group(1), {'dwarf': False, 'from': None, 'to': None})
        elif current is not None:
            note_section(current, line)
    return found


def note_section(facts, line):
    match = re.match(r'\s*\[\d+\]\s+0x([0-9a-f]+)->0x([0-9a-f]+) at 0x[0-9a-f]+: (\S+)(.*)$', line)
    if match is None:
        return
    if match.group(3) == '.debug_info':
        facts['dwarf'] = True
    elif ' ALLOC' in match.group(4):
        start, end = int(match.group(1), 16), int(match.group(2), 16)
        facts['from'] = start if facts['from'] is None else min(start, facts['from'])
        facts['to'] = end if facts['to'] is None else max(end, facts['to'])


@method
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
        match = re.search(r'AT_SYSINFO_EHDR.*0x([0-9a-f]+)', gdb.execute('with print elements 1 -- info auxv', to_string=True))
    except gdb.error:
        return None
    return match.group(1) if match else None


@method
def auxv_entry():
    # The strings in it are read from memory, a few bytes at a time.
    try:
        text = gdb.execute('with print elements 1 -- info auxv', to_string=True)
    except gdb.error:
        return None
    match = re.search(r'AT_ENTRY.*0x([0-9a-f]+)', text)
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
    answer = set()
    for place in decoded('%s:%d' % (quoted_file(file), line)):
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


@method
def missing_libraries():
    # Names of libraries of which GDB has found no file, as the loader has them.
    text = gdb.execute('info sharedlibrary', to_string=True)
    return [match.group(1) for match in re.finditer(r'^\s+No\s+(/.*)$', text, re.MULTILINE)]


@method
def add_debug(file, debug):
    # Separate debug information that came after GDB had loaded its image; false: GDB has none of the image, or has this already.
    for objfile in gdb.objfiles():
        if objfile.owner is None and os.path.realpath(objfile.filename) == os.path.realpath(file):
            if any(other.owner == objfile for other in gdb.objfiles()):
                return False
            objfile.add_separate_debug_file(debug)
            return True
    return False


@method
def load_vdso(start, end):
    # Once: where GDB has it already there is nothing to do.
    for facts in section_facts().values():
        if facts['from'] is not None and int(start, 16) <= facts['from'] < int(end, 16):
            return None
    gdb.execute('add-symbol-file-from-memory 0x%s' % start, to_string=True)
    return None


@method
def connected():
    # Whether GDB still has the way to its target; it drops it when the other end does.
    return gdb.selected_inferior().connection is not None
