# Threads, frames and registers.

import decimal
import fractions
import linecache


@method
def threads():
    answer = []
    for thread in gdb.selected_inferior().threads():
        pid, lwp, tid = thread.ptid
        answer.append([thread.global_num, lwp or tid or pid, thread.name or '', bool(thread.is_running())])
    answer.sort()
    return answer


@method
def thread_pointers():
    selected = selected_thread()
    answer = told_pointers()
    if answer is not None:
        return answer
    answer = []
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            frame = gdb.newest_frame()
            for name in ('fs_base', 'tpidr'):
                try:
                    answer.append([thread.global_num, register_value(frame.read_register(name))])
                    break
                except (gdb.error, ValueError, RuntimeError):
                    pass
    finally:
        if selected is not None:
            selected.switch()
    return answer


def told_pointers():
    # A stub that knows them tells all of them with the list of threads, where a register may cost two round trips for each.
    # On x86-64 glibc's handle of a thread is its thread pointer.
    connection = gdb.selected_inferior().connection
    if connection is None or 'remote' not in connection.type:
        return None
    if not gdb.selected_inferior().architecture().name().startswith('i386:x86-64'):
        return None
    answer = []
    for thread in gdb.selected_inferior().threads():
        try:
            handle = thread.handle()
        except (gdb.error, RuntimeError):
            return None
        answer.append([thread.global_num, to_hex(int.from_bytes(handle, 'little'))])
    return answer


@method
def look_up_threads(file):
    # GDB offers its symbols to the stub, which finds the threads' own storage by them, when a file of symbols comes in: one
    # that has none does.
    gdb.execute('set remote symbol-lookup-packet auto', to_string=True)
    program = gdb.current_progspace().filename
    if program is None:
        return False
    with open(program, 'rb') as source:
        header = bytearray(source.read(64))
    # An ELF header of 64 bits that speaks of no sections and no segments.
    if header[4:5] != b'\x02':
        return False
    header[24:48] = bytes(24)
    header[56:58] = bytes(2)
    header[60:64] = bytes(4)
    with open(file, 'wb') as out:
        out.write(header)
    gdb.execute('add-symbol-file %s' % file, to_string=True)
    gdb.execute('remove-symbol-file %s' % file, to_string=True)
    return True


@method
def uses_thread_storage(expression):
    # Of what stands in files' scope only variables of threads have a place that is computed.
    for name in set(re.findall(r'[A-Za-z_]\w*', expression)):
        for find in (gdb.lookup_global_symbol, gdb.lookup_static_symbol):
            symbol = find(name)
            if symbol is not None and symbol.is_variable and symbol.addr_class == gdb.SYMBOL_LOC_COMPUTED:
                return True
    return False


def stack_pointer_name(architecture):
    name = architecture.name()
    if name.startswith('i386:x86-64'):
        return 'rsp'
    return 'esp' if name.startswith('i386') else 'sp'


# By name, of one architecture: the bits of a register that is a whole number, None for one that is not.
REGISTER_MASKS = {}
PLAIN_TYPES = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_FLAGS)


@method
def registers(thread, frame, names):
    # Asked for at every stop, so: one word each, `?` for what is no whole number, `-` for what cannot be had.
    selected = frame_at(thread, frame)
    architecture = selected.architecture().name()
    if REGISTER_MASKS.get('') != architecture:
        REGISTER_MASKS.clear()
        REGISTER_MASKS[''] = architecture
    return ' '.join([register_word(selected, name) for name in names.split(' ')])


def register_word(frame, name):
    try:
        value = frame.read_register(name)
        if name not in REGISTER_MASKS:
            kind = value.type.strip_typedefs()
            REGISTER_MASKS[name] = (1 << kind.sizeof * 8) - 1 if kind.code in PLAIN_TYPES else None
        mask = REGISTER_MASKS[name]
        return '?' if mask is None else '%x' % (int(value) & mask)
    except (gdb.error, ValueError, RuntimeError):
        return '-'


@method
def register_bytes(thread, frame, names):
    selected = frame_at(thread, frame)
    answer = []
    for name in names:
        try:
            answer.append(register_value(selected.read_register(name)))
        except (gdb.error, ValueError, RuntimeError):
            answer.append(None)
    return answer


def register_value(value):
    kind = value.type.strip_typedefs()
    size = kind.sizeof
    if kind.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_FLAGS):
        return '%x' % unsigned(value, size * 8)
    return '%x' % int.from_bytes(raw_bytes(value), 'little')


def raw_bytes(value):
    # Value.bytes came with GDB 15; before, a value of any type can be seen as an array of its own size only
    # when it is one, so vectors go through their own byte member.
    if hasattr(value, 'bytes'):
        return value.bytes
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_UNION:
        for field in kind.fields():
            inner = field.type.strip_typedefs()
            if inner.code == gdb.TYPE_CODE_ARRAY and inner.target().sizeof == 1 and inner.sizeof == kind.sizeof:
                part = value[field]
                low, high = inner.range()
                return bytes(int(part[i]) & 255 for i in range(low, high + 1))
    raise gdb.error('The register has no plain value.')


@method
def write_register(thread, frame, name, value):
    frame = frame_at(thread, frame)
    kind = frame.read_register(name).type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_FLT and kind.sizeof > 8:
        value = extended_text(int(value))
    parts = quad_words(kind)
    if parts is None:
        gdb.execute('set var $%s = %s' % (name, value), to_string=True)
        return
    words = ['$%s.%s[%d] = %d' % (name, parts, at, int(value) >> 64 * at & (1 << 64) - 1) for at in range(kind.sizeof // 8)]
    for word in words:
        gdb.execute('set var ' + word, to_string=True)


def quad_words(kind):
    # The member of a vector that has it as numbers of eight bytes; None: it is no vector.
    if kind.code != gdb.TYPE_CODE_UNION:
        return None
    for field in kind.fields():
        inner = field.type.strip_typedefs()
        if inner.code == gdb.TYPE_CODE_UNION:
            below = quad_words(inner)
            if below is not None:
                return '%s.%s' % (field.name, below)
        elif inner.code == gdb.TYPE_CODE_ARRAY and inner.sizeof == kind.sizeof and inner.target().sizeof == 8:
            if inner.target().strip_typedefs().code == gdb.TYPE_CODE_INT:
                return field.name
    return None


def extended_text(bits):
    # Of 80 bits: GDB takes numbers in decimal.
    exponent, fraction = bits >> 64 & 0x7fff, bits & (1 << 64) - 1
    number = fractions.Fraction(fraction) * fractions.Fraction(2) ** (exponent - 16383 - 63)
    with decimal.localcontext() as context:
        context.prec = 25
        text = str(decimal.Decimal(number.numerator) / decimal.Decimal(number.denominator))
    return '-' + text if bits >> 79 & 1 else text


@method
def register_names():
    try:
        architecture = gdb.selected_frame().architecture()
    except gdb.error:
        architecture = gdb.selected_inferior().architecture()
    return {'names': [r.name for r in architecture.registers()], 'architecture': architecture.name()}


@method
def source_text(file, line):
    # None where the file is not there, or shorter. The name is what GDB found by its source path.
    linecache.checkcache(file)
    text = linecache.getline(file, line)
    return text.rstrip('\r\n') if text else None


@method
def source_lines(file, first, count):
    # None where the file is not there; none at all behind its end.
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    if not lines:
        return None
    return [line.rstrip('\r\n') for line in lines[first - 1:first - 1 + count]]


@method
def siginfo(thread):
    select_thread(thread)
    answer = {}
    try:
        info = gdb.parse_and_eval('$_siginfo')
        answer['number'] = int(info['si_signo'])
        answer['code'] = int(info['si_code'])
        fields = info['_sifields']
        if answer['code'] in (0, -1, -6):
            answer['sender'] = [int(fields['_kill'][name]) for name in ('si_pid', 'si_uid')]
        elif answer['number'] in (4, 5, 7, 8, 11):
            answer['address'] = to_hex(fields['_sigfault']['si_addr'])
        elif answer['number'] == 31:
            answer['address'] = to_hex(fields['_sigfault']['si_addr'])
            # Behind the address lie the number of the call and the architecture.
            answer['syscall'] = int(fields['_sigsys']['_syscall'])
    except (gdb.error, RuntimeError):
        pass
    return answer


@method
def how_stopped():
    """What a stop's own record would have told: its thread and signal, or how the program ended."""
    thread = selected_thread()
    if thread is not None and thread.is_valid():
        said = re.search(r'stopped with signal (\w+),', gdb.execute('info program', to_string=True))
        return {'thread': thread.num, 'signal': said.group(1) if said else ''}
    ends = ((name, gdb.convenience_variable('_' + name)) for name in ('exitcode', 'exitsignal'))
    return {name: int(value) for name, value in ends if value is not None}
