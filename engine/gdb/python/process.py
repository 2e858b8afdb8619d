# What the kernel and the C library keep of a process.


@method
def auxv():
    try:
        text = gdb.execute('with print elements 1 -- info auxv', to_string=True)
    except gdb.error:
        return []
    rows = []
    for line in text.splitlines():
        match = re.match(r'(\d+)\s+(?:AT_\w+|\?\?\?)\s.*?(0x[0-9a-f]+|\d+)(?: ".*)?$', line)
        if match is not None and match.group(1) != '0':
            rows.append([int(match.group(1)), to_hex(int(match.group(2), 0))])
    return rows


@method
def demangle(names):
    answer = []
    for name in names:
        try:
            answer.append(gdb.execute('demangle -l c++ -- %s' % name, to_string=True).strip())
        except gdb.error:
            answer.append(name)
    return answer


@method
def syscall_names(numbers):
    # GDB's own tables, one file for each architecture.
    architecture = gdb.selected_inferior().architecture().name()
    file = 'amd64' if architecture.startswith('i386:x86-64') else 'i386' if architecture.startswith('i386') else architecture
    path = os.path.join(gdb.parameter('data-directory'), 'syscalls', '%s-linux.xml' % file)
    try:
        with open(path) as source:
            text = source.read()
    except OSError:
        return [None for _ in numbers]
    known = {int(number): name for name, number in re.findall(r'<syscall name="(\w+)" number="(\d+)"', text)}
    return [known.get(number) for number in numbers]


@method
def string_array(address, limit):
    # Of pointers to strings, up to a null pointer.
    inferior = gdb.selected_inferior()
    at = int(address, 16)
    size = UNSIGNED_LONG().sizeof
    answer = []
    while len(answer) < limit:
        try:
            pointer = int.from_bytes(bytes(inferior.read_memory(at, size)), 'little')
            if pointer == 0:
                break
            answer.append(c_string(inferior, pointer))
        except gdb.MemoryError:
            break
        at += size
    return answer


def c_string(inferior, at, most=4096):
    # A page at a time, so that what cannot be read behind it does no harm.
    text = b''
    while len(text) < most:
        part = bytes(inferior.read_memory(at, min(256, PAGE - at % PAGE)))
        end = part.find(0)
        if end >= 0:
            text += part[:end]
            break
        text += part
        at += len(part)
    return text.decode('utf-8', 'replace')


@method
def read_each(ranges):
    # In hexadecimal digits; None for what cannot be read whole.
    inferior = gdb.selected_inferior()
    answer = []
    for address, length in ranges:
        try:
            answer.append(bytes(inferior.read_memory(int(address, 16), length)).hex())
        except gdb.MemoryError:
            answer.append(None)
    return answer


@method
def registers_of_threads(names):
    # By thread, a word each; `-` for what cannot be had.
    selected = selected_thread()
    answer = []
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            frame = gdb.newest_frame()
            answer.append([thread.global_num, ' '.join([register_word(frame, name) for name in names])])
    finally:
        if selected is not None:
            selected.switch()
    return answer


@method
def variables_of_type(types, word):
    # Name and address of global and static variables of these types, whose names all have a word in them: one search, which may
    # take its time with large programs.
    text = gdb.execute('info variables -q -n -t %s' % word, to_string=True)
    answer = []
    for line in text.splitlines():
        match = re.match(r'\d+:\s+(?:static )?(.*?)\s*([A-Za-z_][\w:]*);$', line)
        if match is None or match.group(1) not in types:
            continue
        for find in (gdb.lookup_static_symbol, gdb.lookup_global_symbol):
            try:
                symbol = find(match.group(2))
                if symbol is not None and symbol.is_variable:
                    answer.append([match.group(2), to_hex(symbol.value().address)])
                    break
            except (gdb.error, RuntimeError, TypeError):
                pass
    return answer


@method
def link_maps(address, limit=8192):
    # The loader's list, in the order of loading: its entry, what was added to addresses, name, dynamic section.
    inferior = gdb.selected_inferior()
    size = UNSIGNED_LONG().sizeof
    answer = []
    at = int(address, 16)
    while at != 0 and len(answer) < limit:
        try:
            data = bytes(inferior.read_memory(at, 4 * size))
            words = [int.from_bytes(data[i * size:(i + 1) * size], 'little') for i in range(4)]
            answer.append([to_hex(at), to_hex(words[0]), c_string(inferior, words[1]), to_hex(words[2])])
        except gdb.MemoryError:
            break
        at = words[3]
    return answer
