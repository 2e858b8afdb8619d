# Threads that stand still while others run.
#
# GDB resumes all threads of a process or one. A thread that is to stand still among several that run is sent into a
# system call that does not end, with all signals blocked: ppoll without files and without a limit. Its registers are put
# back before anybody looks at it; a system call that it was in then goes on as after any stop.

PARKED = {}
PARKING_REGISTERS = ['rip', 'rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r10', 'r11', 'orig_rax']
SYS_PPOLL = 271
AT_SYSINFO_EHDR = 33
# Below what the function that runs may use without moving the stack pointer.
BELOW_STACK = 1024
SYSCALL = b'\x0f\x05'


def syscall_address():
    found = re.search(r'^%d\s.*?(0x[0-9a-f]+)$' % AT_SYSINFO_EHDR, gdb.execute('info auxv', to_string=True), re.M)
    where = None
    if found is not None:
        start = int(found.group(1), 16)
        for size in (0x2000, 0x1000):
            try:
                where = gdb.selected_inferior().search_memory(start, size, SYSCALL)
                break
            except gdb.error:
                pass
    if where is None:
        raise gdb.GdbError('There is no place for threads to wait at.')
    return where


@method
def can_park():
    return gdb.newest_frame().architecture().name().startswith('i386:x86-64')


@method
def park(threads):
    # By GDB's global numbers.
    if not can_park():
        raise gdb.GdbError('Only threads of x86-64 can be held while several others run.')
    selected = selected_thread()
    where = syscall_address()
    try:
        for thread in gdb.selected_inferior().threads():
            if thread.global_num in threads:
                park_thread(thread, where)
    except Exception:
        unpark()
        raise
    finally:
        selected.switch()
    return None


def park_thread(thread, where):
    thread.switch()
    frame = gdb.newest_frame()
    saved = {name: unsigned(frame.read_register(name)) for name in PARKING_REGISTERS}
    mask = (unsigned(frame.read_register('rsp')) - BELOW_STACK) & ~15
    inferior = gdb.selected_inferior()
    saved['memory'] = (mask, bytes(inferior.read_memory(mask, 8)))
    PARKED[thread.global_num] = saved
    inferior.write_memory(mask, b'\xff' * 8)
    set_registers({'rax': SYS_PPOLL, 'rdi': 0, 'rsi': 0, 'rdx': 0, 'r10': mask, 'r8': 8, 'orig_rax': -1, 'rip': where})


def set_registers(values):
    for name, value in values.items():
        gdb.execute('set var $%s = %d' % (name, value), to_string=True)


@method
def unpark():
    selected = selected_thread()
    try:
        for thread in gdb.selected_inferior().threads() if PARKED else ():
            saved = PARKED.get(thread.global_num)
            if saved is None:
                continue
            thread.switch()
            gdb.newest_frame().select()
            address, memory = saved.pop('memory')
            gdb.selected_inferior().write_memory(address, memory)
            set_registers(saved)
    finally:
        PARKED.clear()
        if selected is not None and selected.is_valid():
            selected.switch()
    return None
