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
