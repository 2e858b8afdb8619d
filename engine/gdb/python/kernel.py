# What stubs in front of whole machines have beside GDB's own: QEMU's physical memory.


def stub_packet(text):
    # The stub's answer; '' where it does not know the packet.
    connection = gdb.selected_inferior().connection
    if connection is None or not hasattr(connection, 'send_packet'):
        return ''
    answer = connection.send_packet(text)
    return '' if answer is None else answer.decode('latin1')


@method
def has_physical():
    return stub_packet('qqemu.PhyMemMode') in ('0', '1')


class Physical:
    # For its time addresses are those of the machine's memory. What GDB keeps of memory is no part of that.
    def __enter__(self):
        gdb.execute('maint flush dcache', to_string=True)
        if stub_packet('Qqemu.PhyMemMode:1') != 'OK':
            raise gdb.GdbError('The stub refuses physical addresses.')

    def __exit__(self, *reason):
        stub_packet('Qqemu.PhyMemMode:0')
        gdb.execute('maint flush dcache', to_string=True)


@method
def read_physical(address, length):
    # [offset, hexadecimal] of what can be read, page by page.
    start = int(address, 16)
    inferior = gdb.selected_inferior()
    pieces = []
    with Physical():
        at = 0
        while at < length:
            step = min(PAGE - (start + at) % PAGE, length - at)
            try:
                pieces.append([at, bytes(inferior.read_memory(start + at, step)).hex()])
            except gdb.MemoryError:
                pass
            at += step
    return pieces


@method
def write_physical(address, content):
    with Physical():
        gdb.selected_inferior().write_memory(int(address, 16), bytes.fromhex(content))
    return True


# Files that were added, so that they can be taken out again.
ADDED = []


@method
def place_symbols(file, slide):
    # The kernel's own file, moved by what it was loaded at. As an executable it would answer for memory where it was not.
    for added in list(ADDED):
        remove_symbols(added)
    gdb.execute('exec-file', to_string=True)
    gdb.execute('symbol-file %s -o 0x%s' % (quoted_file(file), slide), to_string=True)
    return True


@method
def add_symbols(file, sections):
    # The code's section first, without its name; GDB takes no others before it.
    placed = dict(sections)
    text = placed.pop('.text', None)
    words = [quoted_file(file)] + ([] if text is None else ['0x%s' % text])
    words += ['-s %s 0x%s' % (name, address) for name, address in placed.items()]
    gdb.execute('add-symbol-file %s' % ' '.join(words), to_string=True)
    ADDED.append(file)
    return True


@method
def remove_symbols(file):
    if file in ADDED:
        ADDED.remove(file)
        gdb.execute('remove-symbol-file %s' % quoted_file(file), to_string=True)
    return True
