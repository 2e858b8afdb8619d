# Breakpoints on symbols, also of modules that are not loaded yet, conditions, and watchpoints.

# By our numbers: those on symbols, waiting for their module or resolved (`gdb` is GDB's number then).
SYMBOLIC = {}


@method
def follow_symbol(number, **spec):
    # `spec`: module, name, offset, one_shot, ignore, condition, behind (the prologue), thread, and gdb and address where it stands already.
    SYMBOLIC[number] = spec
    return None


@method
def unfollow_symbol(number):
    SYMBOLIC.pop(number, None)
    return None


@method
def set_condition(gdb_number, condition, force=False):
    # In the language of the place where the breakpoint stands.
    look_for_operators(condition)
    gdb.execute('condition %s%d %s' % ('-force ' if force else '', gdb_number, condition), to_string=True)
    return None


# How a function without optimization begins, on x86-64 and AArch64.
FRAME_SET_UP = re.compile(r'^(?:endbr64|bti\s|push +%?rbp|sub\s+sp, sp|stp\s+x29, x30)')


@method
def behind_prologue(address):
    # Where the parameters of a function that begins at the address are in place, for conditions: until then code without
    # optimization has them nowhere that its debug information knows. The address itself where that is no such function.
    address = int(address, 16)
    block = gdb.block_for_pc(address)
    if block is None or block.function is None or entry_of(block) != address:
        return to_hex(address)
    text = gdb.selected_inferior().architecture().disassemble(address)[0]['asm']
    found = gdb.find_pc_line(address)
    if found.symtab is None or FRAME_SET_UP.match(text) is None:
        return to_hex(address)
    places = [entry.pc for entry in found.symtab.linetable() if address < entry.pc < block.end]
    return to_hex(min(places) if places else address)


class AtDepth(gdb.Function):
    # `$_hawser_depth(below, above)`: whether there are fewer frames than `below`, or more than `above`; 0 for either: any.
    def __init__(self):
        super().__init__('_hawser_depth')

    def invoke(self, below, above):
        below, above = int(below), int(above)
        frame, depth = gdb.newest_frame(), 0
        while frame is not None and depth <= max(below, above):
            depth += 1
            try:
                frame = frame.older()
            except gdb.error:
                break
        return (below == 0 or depth < below) and depth > above


AtDepth()


@method
def add_watch(command, expression, thread):
    # In C, whatever the language of the frame; answers GDB's number.
    language = gdb.parameter('language')
    gdb.execute('set language c', to_string=True)
    try:
        where = '' if thread is None else ' thread %d' % thread
        gdb.execute('%s %s%s' % (command, expression, where), to_string=True)
    finally:
        gdb.execute('set language %s' % language, to_string=True)
    return int(gdb.convenience_variable('bpnum'))


@method
def add_catchpoint(command):
    gdb.execute(command, to_string=True)
    return int(gdb.convenience_variable('bpnum'))


def module_name(path):
    name = os.path.basename(path)
    name = re.sub(r'(\.so)(\.[0-9.]+)?$', r'\1' if re.search(r'\.so\.[0-9]', name) else '', name)
    return re.sub(r'[^A-Za-z0-9]', '_', name)


def minimal_address(objfile, name):
    # Of a symbol in one object file; Python has no minimal symbols, so the parser is asked and the answer checked.
    for find in (objfile.lookup_global_symbol, objfile.lookup_static_symbol):
        symbol = find(name)
        if symbol is not None:
            return unsigned(symbol.value().address)
    try:
        address = unsigned(gdb.parse_and_eval("&'%s'" % name.replace("'", "\\'")))
    except gdb.error:
        return None
    owner = gdb.solib_name(address)
    return address if owner is not None and os.path.realpath(owner) == os.path.realpath(objfile.filename) else None


def resolve_symbols(event):
    # Runs inside GDB as a module comes in, before the target goes on; `resolved` tells the other half.
    objfile = event.new_objfile
    if objfile.owner is not None:
        objfile = objfile.owner
    for number, spec in list(SYMBOLIC.items()):
        module = spec['module']
        if module is not None and module.lower() != module_name(objfile.filename).lower():
            continue
        try:
            address = minimal_address(objfile, spec['name'])
        except (gdb.error, RuntimeError):
            address = None
        if address is None:
            continue
        address = unsigned(address + spec['offset'])
        if spec['behind']:
            address = int(behind_prologue(to_hex(address)), 16)
        if spec.get('gdb') is not None:
            if spec['address'] == to_hex(address) or module is None:
                continue
            gdb.execute('delete %d' % spec['gdb'], to_string=True)
        insert_resolved(number, spec, address)


def insert_resolved(number, spec, address):
    gdb.write('\x01resolved %d %x\n' % (number, address))
    where = '' if spec['thread'] is None else ' thread %d' % spec['thread']
    command = 'tbreak' if spec['one_shot'] else 'break'
    gdb.execute('%s *0x%x%s' % (command, address, where), to_string=True)
    placed = int(gdb.convenience_variable('bpnum'))
    spec['gdb'], spec['address'] = placed, to_hex(address)
    if spec['ignore']:
        gdb.execute('ignore %d %d' % (placed, spec['ignore']), to_string=True)
    if spec['condition']:
        set_condition(placed, spec['condition'], True)
    if spec['one_shot']:
        del SYMBOLIC[number]


def lose_symbols(event):
    # Its module goes: the breakpoint waits for it again.
    objfile = event.objfile
    if objfile.owner is not None:
        return
    for number, spec in list(SYMBOLIC.items()):
        if spec.get('gdb') is None or spec['module'] is None:
            continue
        if gdb.solib_name(int(spec['address'], 16)) != objfile.filename:
            continue
        gdb.write('\x01lost %d\n' % number)
        gdb.execute('delete %d' % spec['gdb'], to_string=True)
        spec['gdb'] = None


if not hasattr(gdb, 'hawser_pending'):
    gdb.hawser_pending = True
    gdb.events.new_objfile.connect(resolve_symbols)
    # GDB 13 and newer; before, a module that comes back is where the breakpoint is put anew.
    if hasattr(gdb.events, 'free_objfile'):
        gdb.events.free_objfile.connect(lose_symbols)
