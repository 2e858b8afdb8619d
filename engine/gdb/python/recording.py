# Stepping with registers recorded at every step.
#
# GDB steps by itself, without a prompt between, while it watches an expression in software. The expression calls
# a function of ours with the registers as arguments; it notes them and answers 0 until there are enough. GDB
# evaluates it twice before the first step: when the watchpoint is set and when the target goes on.

import gc
import struct

# How it ended, where that is not told by the stop itself: GDB drops the answer of a command that resumes.
OUTCOME = {}
# GDB's values are large; so many rows of them are kept before they are made numbers.
BATCH = 256


class Rows:
    # Rows of registers as 64-bit numbers, packed.
    def __init__(self, width):
        self.packing = struct.Struct('<%dQ' % width)
        self.data = bytearray()

    def add(self, values):
        self.data += self.packing.pack(*[int(value) & 0xffffffffffffffff for value in values])

    def count(self):
        return len(self.data) // self.packing.size


class Recorder(gdb.Function):
    def __init__(self):
        super().__init__('_hawser_record')

    def start(self, count, rows):
        self.rows = rows
        self.batch = []
        self.seen = 0
        self.wanted = count + 2

    def invoke(self, *values):
        self.seen += 1
        if 2 < self.seen <= self.wanted:
            self.batch.append(values)
            if len(self.batch) >= BATCH:
                self.settle()
        return 1 if self.seen >= self.wanted else 0

    def settle(self):
        for values in self.batch:
            self.rows.add(values)
        self.batch = []


RECORDER = Recorder()


def usable(frame, names):
    # As `$name` in an expression: whole numbers only, and one at least.
    for name in names:
        try:
            kind = frame.read_register(name).type.strip_typedefs()
        except ValueError:
            raise gdb.error('There is no register %s.' % name)
        if kind.sizeof > 8:
            return False
        if kind.code not in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_FLAGS):
            return False
    return len(names) > 0


@method
def record(thread, count, registers, watching=True):
    OUTCOME.clear()
    try:
        select_thread(thread)
        frame = gdb.newest_frame()
        frame.select()
        if not usable(frame, registers):
            raise gdb.error('Only registers of whole numbers of 64 bits at most can be recorded.')
        sizes = [frame.read_register(name).type.sizeof for name in registers]
        rows = Rows(len(registers))
        OUTCOME.update(rows=rows, sizes=sizes)
        if count <= 2 or not watching or not record_watching(rows, count, registers):
            record_plainly(rows, count, registers)
    except KeyboardInterrupt:
        OUTCOME['interrupted'] = True
    except gdb.error as error:
        OUTCOME['error'] = str(error)
    return None


def record_plainly(rows, count, registers):
    stops = []
    connect = lambda event: stops.append(event)
    gdb.events.stop.connect(connect)
    gdb.events.exited.connect(connect)
    try:
        for _ in range(count):
            del stops[:]
            gdb.execute('stepi', to_string=True)
            if not gdb.selected_inferior().pid:
                return
            frame = gdb.newest_frame()
            rows.add([frame.read_register(name) for name in registers])
            if not stops or type(stops[-1]) is not gdb.StopEvent:
                return
    finally:
        gdb.events.stop.disconnect(connect)
        gdb.events.exited.disconnect(connect)


def record_watching(rows, count, registers):
    expression = '$_hawser_record(%s)' % ','.join('$' + name for name in registers)
    RECORDER.start(count, rows)
    saved = gdb.parameter('can-use-hw-watchpoints')
    gdb.execute('set can-use-hw-watchpoints 0', to_string=True)
    watch = None
    # Many values live at once look like garbage worth collecting, over and over.
    gc.disable()
    try:
        try:
            watch = gdb.Breakpoint(expression, gdb.BP_WATCHPOINT, gdb.WP_WRITE, internal=True)
        except gdb.error:
            return False
        gdb.execute('continue', to_string=True)
        return True
    finally:
        gc.enable()
        if watch is not None and watch.is_valid():
            watch.delete()
        gdb.execute('set can-use-hw-watchpoints %d' % saved, to_string=True)
        RECORDER.settle()


@method
def recorded():
    # `rows`: numbers of eight bytes, little-endian, in hexadecimal digits.
    rows = OUTCOME.pop('rows', None)
    answer = dict(OUTCOME, rows='' if rows is None else rows.data.hex())
    OUTCOME.clear()
    return answer
