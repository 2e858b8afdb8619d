# Stacks: the frames of any number of threads in one answer.

import gdb.unwinder


@method
def stacks(threads, limit, args=False, words=0, start=None):
    # `words`: so many of what lies above each frame's return address. `start`: [stack pointer, instruction pointer, 0 for
    # the thread's own] in place of what the thread's registers say.
    table = Types()
    numbered = {thread.global_num: thread for thread in gdb.selected_inferior().threads()}
    answer = []
    for number in threads:
        try:
            switch_to(numbered.get(number))
            walk = Walk(limit, args, words, table)
            answer.append(walk.from_start(start) if start else walk.down(gdb.newest_frame()))
        except (gdb.error, RuntimeError) as error:
            answer.append({'frames': [], 'end': None, 'error': str(error)})
    return {'stacks': answer, 'types': table.rows}


def switch_to(thread):
    if thread is None:
        raise gdb.GdbError('There is no such thread.')
    if selected_thread() != thread:
        thread.switch()


class Walk:
    def __init__(self, limit, args, words, table):
        self.limit = limit
        self.args = args
        self.words = words
        self.table = table
        self.begins = {}

    def down(self, frame, ahead=0):
        # `ahead`: the first frame's pc is so much too high.
        pointer = stack_pointer_name(frame.architecture())
        rows = []
        while frame is not None and len(rows) < self.limit:
            rows.append(self.describe(frame, pointer))
            try:
                frame = frame.older()
            except gdb.error:
                break
        if ahead and rows:
            for row in rows[:1 + first_real(rows)]:
                row['pc'] = to_hex(int(row['pc'], 16) - ahead)
                row.pop('c', None)
        # The caller of the last frame shown gives that frame its return address.
        end = next_real(frame)
        if self.words:
            self.add_words(rows, None if end is None else stack_pointer(end, pointer))
        return {'frames': rows, 'end': None if end is None else to_hex(end.pc())}

    def from_start(self, start):
        with Start(*start) as placed:
            return self.down(placed, 1)

    def describe(self, frame, pointer):
        row = {'pc': to_hex(frame.pc())}
        if frame.type() == gdb.INLINE_FRAME:
            row['i'] = frame.name() or ''
            begin = self.begin_of_inlined(frame)
            if begin is not None:
                row['b'] = to_hex(begin)
        else:
            value = stack_pointer(frame, pointer)
            if value is not None:
                row['sp'] = to_hex(value)
        if is_after_call(frame):
            row['c'] = 1
        sal = frame.find_sal()
        if sal.symtab is not None and sal.line > 0:
            row['f'] = sal.symtab.fullname()
            row['l'] = sal.line
        if self.args:
            row['a'] = frame_variables(frame, self.table, True)
        return row

    def begin_of_inlined(self, frame):
        block = frame.function() and frame.block()
        while block is not None and block.function is None:
            block = block.superblock
        if not block:
            return None
        function = block.superblock
        while function is not None and (function.function is None or function.superblock is None or not function.superblock.is_static):
            function = function.superblock
        entry = block.start if function is None else entry_of(function)
        if block.start >= entry or frame.pc() < entry:
            return block.start
        # A block whose unlikely part is set apart, below the function: GDB tells its lowest address only.
        name = frame.name()
        if name not in self.begins:
            self.begins[name] = places_of(name)
        inside = [pc for pc in self.begins[name] if entry <= pc <= frame.pc()]
        return max(inside) if inside else entry

    def add_words(self, rows, beyond):
        # From the caller's stack pointer on, of the innermost frame outwards.
        size = gdb.lookup_type('long').sizeof
        for row in reversed(rows):
            if 'i' in row:
                continue
            if beyond is not None:
                row['w'] = memory_words(beyond, self.words, size)
            beyond = int(row['sp'], 16) if 'sp' in row else None


def places_of(name):
    return [place.pc for place in decoded(name)]


def memory_words(address, count, size):
    try:
        data = bytes(gdb.selected_inferior().read_memory(address, count * size))
    except gdb.MemoryError:
        return None
    return ['%x' % int.from_bytes(data[i:i + size], sys.byteorder) for i in range(0, len(data), size)]


def first_real(rows):
    for index, row in enumerate(rows):
        if 'i' not in row:
            return index
    return len(rows)


def stack_pointer(frame, name):
    try:
        return unsigned(frame.read_register(name))
    except (gdb.error, ValueError):
        return None


def next_real(frame):
    try:
        while frame is not None and frame.type() == gdb.INLINE_FRAME:
            frame = frame.older()
    except gdb.error:
        return None
    return frame


def is_after_call(frame):
    # Then the pc is a return address, which may belong to the next function already.
    if frame.type() not in (gdb.NORMAL_FRAME, gdb.INLINE_FRAME, gdb.TAILCALL_FRAME):
        return False
    called = frame.newer()
    while called is not None and called.type() == gdb.INLINE_FRAME:
        called = called.newer()
    return called is not None and called.type() in (gdb.NORMAL_FRAME, gdb.TAILCALL_FRAME)


class Start:
    # A stack that begins somewhere else than at the thread's registers. What our unwinder says of the caller of the
    # innermost frame is where the walk begins. GDB looks callers up one byte before their pc, as a call may be a function's
    # last instruction: one is added to a pc that is meant exactly.
    active = None

    def __init__(self, sp, pc):
        frame = gdb.newest_frame()
        self.level = 0
        while frame.type() == gdb.INLINE_FRAME:
            frame = frame.older()
            self.level += 1
        self.pointer = stack_pointer_name(frame.architecture())
        self.sp = int(sp, 16) if sp else stack_pointer(frame, self.pointer)
        self.pc = (int(pc, 16) if pc else frame.pc()) + 1
        self.base = None

    def __enter__(self):
        caller = self.placed()
        if self.goes_down(caller):
            return caller
        # Code that keeps a frame pointer, and the thread's own belongs to another frame.
        for self.base in saved_frame_pointers(self.sp):
            caller = self.placed()
            if self.goes_down(caller):
                return caller
        self.base = None
        return self.placed()

    def __exit__(self, *_):
        Start.active = None
        gdb.invalidate_cached_frames()

    def placed(self):
        Start.active = self
        gdb.invalidate_cached_frames()
        return next_real(gdb.newest_frame()).older()

    def goes_down(self, frame):
        frame = next_real(frame)
        try:
            older = next_real(frame.older())
        except gdb.error:
            older = None
        if older is None:
            return frame.unwind_stop_reason() == gdb.FRAME_UNWIND_OUTERMOST
        return stack_pointer(older, self.pointer) > self.sp

    def values(self, pending):
        pc = {'rsp': 'rip', 'esp': 'eip'}.get(self.pointer, 'pc')
        base = {'rsp': 'rbp', 'esp': 'ebp'}.get(self.pointer, 'x29')
        given = {self.pointer: self.sp, pc: self.pc, base: self.base}
        for register in pending.architecture().registers('general'):
            value = pending.read_register(register.name)
            number = given.get(register.name)
            yield register.name, value if number is None else gdb.Value(number).cast(value.type)


class StartId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class StartUnwinder(gdb.unwinder.Unwinder):
    def __init__(self):
        super().__init__('hawser-start')

    def __call__(self, pending):
        start = Start.active
        if start is None or pending.level() != start.level:
            return None
        unsigned_long = UNSIGNED_LONG()
        made = pending.create_unwind_info(StartId(gdb.Value(start.sp).cast(unsigned_long), gdb.Value(0).cast(unsigned_long)))
        for name, value in start.values(pending):
            made.add_saved_register(name, value)
        return made


gdb.unwinder.register_unwinder(None, StartUnwinder(), replace=True)


FRAME_POINTER_REACH = 4096
STACK_REACH = 0x100000


def saved_frame_pointers(sp):
    # Where the stack holds the address of something further up it, and an address of code above that.
    size = gdb.lookup_type('long').sizeof
    words = memory_words(sp, FRAME_POINTER_REACH // size, size) or []
    values = [int(word, 16) for word in words]
    for index, (word, above) in enumerate(zip(values, values[1:])):
        if sp < word < sp + STACK_REACH and word % size == 0 and gdb.current_progspace().block_for_pc(above) is not None:
            yield sp + index * size
