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
        self.empty = width == 0

    def add(self, values):
        if self.empty:
            return
        self.data += self.packing.pack(*[int(value) & 0xffffffffffffffff for value in values])


FLOW = {'call': 1, 'return': 2, 'branch': 4, 'syscall': 8}
# Words that may stand before an instruction of x86.
FLOW_PREFIXES = re.compile(r'^(?:(?:bnd|notrack|rep[nz]*|data16|addr32|cs|ds|lock) )+')
FLOW_CALL = re.compile(r'^(?:l?callq?|bl|blr\w*|jal|jalr)\b')
FLOW_RETURN = re.compile(r'^(?:l?retq?f?|iretq?|iretd|eret|ret\w*)\b')
FLOW_SYSCALL = re.compile(r'^(?:syscall|sysenter|int|svc|ecall)\b')
FLOW_BRANCH = re.compile(r'^(?:j[a-z]+|loop\w*|xbegin|b|b\.\w+|br\w*|cbn?z|tbn?z|b(?:eq|ne|lt|ge|gt|le|ltu|geu|eqz|nez)z?)(?:\s|$)')


def flow_of(text):
    # Of an instruction, as bits.
    text = FLOW_PREFIXES.sub('', text)
    if FLOW_CALL.match(text):
        return FLOW['call']
    if FLOW_RETURN.match(text):
        return FLOW['return']
    if FLOW_SYSCALL.match(text):
        return FLOW['syscall']
    return FLOW['branch'] if FLOW_BRANCH.match(text) else 0


class Goal:
    # What ends the steps before their count: an address, an instruction of some kind that would come next, or a branch that was taken.
    def __init__(self, address=None, kinds=(), above=None, leaves_line=False, taken=False):
        self.address = None if address is None else int(address, 16)
        self.kinds = sum(FLOW[kind] for kind in kinds)
        self.above = -1 if above is None else int(above, 16)
        self.architecture = gdb.newest_frame().architecture()
        self.line = self.line_at(gdb.newest_frame().pc()) if leaves_line else None
        self.known = {}
        self.lengths = {}
        self.taken = taken
        self.last = unsigned(gdb.newest_frame().pc())

    def line_at(self, pc):
        found = gdb.find_pc_line(pc)
        return (found.symtab.fullname(), found.line) if found.symtab is not None and found.line > 0 else None

    def has_jumped(self, pc):
        # Anywhere but to the next instruction; one that repeats itself has not.
        last, self.last = self.last, pc
        if last not in self.lengths:
            self.lengths[last] = self.architecture.disassemble(last)[0]['length']
        return pc not in (last, last + self.lengths[last])

    def reached(self, pc, sp):
        if self.taken:
            return self.has_jumped(pc)
        if sp <= self.above:
            return False
        if self.address is not None and pc != self.address:
            return False
        if self.kinds == 0:
            return True
        if pc not in self.known:
            text = self.architecture.disassemble(pc)[0]['asm']
            here = flow_of(text) & self.kinds != 0
            self.known[pc] = here and (self.line is None or self.line_at(pc) != self.line)
        return self.known[pc]


def always_on(pc, sp):
    return False


class Recorder(gdb.Function):
    def __init__(self):
        super().__init__('_hawser_record')

    def start(self, count, rows, reached):
        self.rows = rows
        self.batch = []
        self.seen = 0
        self.wanted = count + 2
        self.reached = reached
        self.over = False

    def invoke(self, pc, sp, *values):
        self.seen += 1
        if self.over or self.seen > self.wanted:
            return 1
        if self.seen > 2:
            self.batch.append(values)
            if len(self.batch) >= BATCH:
                self.settle()
            if self.reached is not always_on and self.reached(unsigned(pc), unsigned(sp)):
                self.over = OUTCOME['reached'] = True
        return 1 if self.over or self.seen >= self.wanted else 0

    def settle(self):
        for values in self.batch:
            self.rows.add(values)
        self.batch = []


RECORDER = Recorder()


def usable(frame, names):
    # As `$name` in an expression: whole numbers only.
    for name in names:
        try:
            kind = frame.read_register(name).type.strip_typedefs()
        except ValueError:
            raise gdb.error('There is no register %s.' % name)
        if kind.sizeof > 8:
            return False
        if kind.code not in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_FLAGS):
            return False
    return True


@method
def record(thread, count, registers, over=False, until=None, plainly=False):
    # `plainly`: by single steps, between which other threads may run.
    OUTCOME.clear()
    try:
        select_thread(thread)
        frame = gdb.newest_frame()
        frame.select()
        if not usable(frame, registers):
            raise gdb.error('Only registers of whole numbers of 64 bits at most can be recorded.')
        sizes = [frame.read_register(name).type.sizeof for name in registers]
        rows = Rows(len(registers))
        OUTCOME.update(rows=rows, sizes=sizes, where=(thread, registers))
        reached = always_on if until is None else Goal(**until).reached
        watching = count > 2 and not over and not plainly and (registers or until is not None)
        if not watching or not record_watching(rows, count, registers, reached):
            record_plainly(rows, count, registers, 'nexti' if over else 'stepi', reached)
    except KeyboardInterrupt:
        OUTCOME['interrupted'] = True
    except gdb.error as error:
        OUTCOME['error'] = str(error)
    return None


def record_plainly(rows, count, registers, command, reached):
    stops = []
    connect = lambda event: stops.append(event)
    gdb.events.stop.connect(connect)
    gdb.events.exited.connect(connect)
    try:
        for _ in range(count):
            del stops[:]
            gdb.execute(command, to_string=True)
            if not gdb.selected_inferior().pid:
                return
            frame = gdb.newest_frame()
            rows.add([frame.read_register(name) for name in registers])
            if not stops or type(stops[-1]) is not gdb.StopEvent:
                return
            if reached is not always_on and reached(unsigned(frame.pc()), unsigned(frame.read_register('sp'))):
                OUTCOME['reached'] = True
                return
    finally:
        gdb.events.stop.disconnect(connect)
        gdb.events.exited.disconnect(connect)


def record_watching(rows, count, registers, reached):
    expression = '$_hawser_record(%s)' % ','.join('$' + name for name in ['pc', 'sp'] + registers)
    RECORDER.start(count, rows, reached)
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
def remote_registers():
    # Where whole registers stand in an answer to `g`: the last column of GDB's own table.
    table = gdb.execute('maint print remote-registers', to_string=True)
    rows = re.finditer(r'^ (\w+) +\d+ +\d+ +\d+ +(\d+) .* (\d+) *$', table, re.MULTILINE)
    return {row.group(1): [int(row.group(3)), int(row.group(2))] for row in rows}


def add_last(rows, number, registers):
    # The step that a break-in came into the midst of was made, and not noted.
    thread = selected_thread()
    if thread is None or thread.global_num != number or not thread.is_valid():
        return
    frame = gdb.newest_frame()
    last = bytes(rows.data[-rows.packing.size:])
    rows.add([frame.read_register(name) for name in registers])
    if bytes(rows.data[-rows.packing.size:]) == last:
        del rows.data[-rows.packing.size:]


@method
def recorded():
    # `rows`: numbers of eight bytes, little-endian, in hexadecimal digits.
    rows = OUTCOME.pop('rows', None)
    where = OUTCOME.pop('where', None)
    if rows is not None and rows.data:
        add_last(rows, *where)
    answer = dict(OUTCOME, rows='' if rows is None else rows.data.hex())
    OUTCOME.clear()
    return answer
