# Calls of the target's own functions.


@method
def call_function(thread, address, arguments):
    # A function of whole numbers and pointers, by its address; the other threads stand still. Answers what it returns.
    frame_at(thread, 0)
    language = gdb.parameter('language')
    locking = gdb.parameter('scheduler-locking')
    types = ','.join(['unsigned long'] * len(arguments)) or 'void'
    values = ','.join('(unsigned long)0x%s' % one for one in arguments)
    try:
        gdb.execute('set language c', to_string=True)
        gdb.execute('set scheduler-locking on', to_string=True)
        gdb.execute('set unwindonsignal on', to_string=True)
        value = gdb.parse_and_eval('((unsigned long (*)(%s))0x%s)(%s)' % (types, address, values))
        return to_hex(value)
    finally:
        gdb.execute('set unwindonsignal off', to_string=True)
        gdb.execute('set scheduler-locking %s' % locking, to_string=True)
        gdb.execute('set language %s' % language, to_string=True)


@method
def stack_pointers():
    # Of all threads.
    selected = gdb.selected_thread()
    answer = []
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            try:
                answer.append([thread.global_num, to_hex(gdb.parse_and_eval('(unsigned long)$sp'))])
            except gdb.error:
                pass
    finally:
        if selected is not None:
            selected.switch()
    return answer


@method
def read_number(address):
    # Four bytes.
    return '%x' % int.from_bytes(bytes(gdb.selected_inferior().read_memory(int(address, 16), 4)), 'little')
