# Stepping with registers recorded at every step.
#
# GDB steps by itself, without a prompt between, while it watches an expression in software. The expression calls
# a function of ours with the registers as arguments; it notes them and answers 0 until there are enough. GDB
# evaluates it twice before the first step: when the watchpoint is set and when the target goes on.

RECORDED = []
# How it ended, where that is not told by the stop itself: GDB drops the answer of a command that resumes.
OUTCOME = {}


class Recorder(gdb.Function):
    def __init__(self):
        super().__init__('_hawser_record')
        self.rows = []
        self.wanted = 0

    def start(self, count):
        self.rows = []
        self.wanted = count

    def invoke(self, *values):
        self.rows.append(values)
        return 1 if len(self.rows) >= self.wanted else 0


RECORDER = Recorder()


def plain_registers(frame, names):
    return [register_value(frame.read_register(name)) for name in names]


def usable(frame, names):
    # As `$name` in an expression: whole numbers only, and one at least.
    for name in names:
        kind = frame.read_register(name).type.strip_typedefs()
        if kind.code not in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_FLAGS):
            return False
    return len(names) > 0


@method
def record(thread, count, registers, watching=True):
    del RECORDED[:]
    select_thread(thread)
    frame = gdb.newest_frame()
    frame.select()
    OUTCOME.clear()
    try:
        if watching and count > 2 and usable(frame, registers):
            record_watching(frame, count, registers)
        else:
            record_plainly(count, registers)
    except KeyboardInterrupt:
        OUTCOME['interrupted'] = True
    except gdb.error as error:
        OUTCOME['error'] = str(error)
    return None


def record_plainly(count, registers):
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
            RECORDED.append(plain_registers(gdb.newest_frame(), registers))
            if not stops or type(stops[-1]) is not gdb.StopEvent:
                return
    finally:
        gdb.events.stop.disconnect(connect)
        gdb.events.exited.disconnect(connect)


def record_watching(frame, count, registers):
    sizes = [frame.read_register(name).type.sizeof * 8 for name in registers]
    arguments = ','.join('$' + name for name in registers)
    RECORDER.start(count + 2)
    saved = gdb.parameter('can-use-hw-watchpoints')
    gdb.execute('set can-use-hw-watchpoints 0', to_string=True)
    watch = None
    try:
        watch = gdb.Breakpoint('$_hawser_record(%s)' % arguments, gdb.BP_WATCHPOINT, gdb.WP_WRITE, internal=True)
        gdb.execute('continue', to_string=True)
    finally:
        if watch is not None and watch.is_valid():
            watch.delete()
        gdb.execute('set can-use-hw-watchpoints %d' % saved, to_string=True)
        for row in RECORDER.rows[2:count + 2]:
            RECORDED.append(['%x' % unsigned(value, size) for value, size in zip(row, sizes)])
        RECORDER.rows = []


@method
def recorded():
    rows = list(RECORDED)
    del RECORDED[:]
    return dict(OUTCOME, rows=rows)
