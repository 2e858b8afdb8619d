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
    selected = selected_thread()
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


@method
def call_expression(expression, thread, frame, depth):
    # An expression that calls functions of the target: the other threads stand still, breakpoints are out, and a signal, or a
    # break-in, ends the call as if it had not been.
    frame_at(thread, frame)
    locking = gdb.parameter('scheduler-locking')
    enabled = [one for one in gdb.breakpoints() if one.is_valid() and one.enabled]
    table = Types()
    try:
        for one in enabled:
            one.enabled = False
        gdb.execute('set scheduler-locking on', to_string=True)
        gdb.execute('set unwindonsignal on', to_string=True)
        value = gdb.parse_and_eval(expression)
        if value.type.code == gdb.TYPE_CODE_VOID:
            return None
        return {'value': described(value, depth, table), 'types': table.rows}
    finally:
        gdb.execute('set unwindonsignal off', to_string=True)
        gdb.execute('set scheduler-locking %s' % locking, to_string=True)
        for one in enabled:
            if one.is_valid():
                one.enabled = True
