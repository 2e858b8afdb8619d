# Breakpoints on symbols of modules that are not loaded yet, and watchpoints.

PENDING = {}


@method
def add_pending(number, module, name, offset, one_shot, ignore):
    PENDING[number] = (module, name, offset, one_shot, ignore)
    return None


@method
def drop_pending(number):
    PENDING.pop(number, None)
    return None


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


def resolve_pending(event):
    # Runs inside GDB as a module comes in, before the target goes on; `create` tells the other half.
    objfile = event.new_objfile
    if objfile.owner is not None:
        objfile = objfile.owner
    for number, (module, name, offset, one_shot, ignore) in list(PENDING.items()):
        if module is not None and module.lower() != module_name(objfile.filename).lower():
            continue
        try:
            address = minimal_address(objfile, name)
        except (gdb.error, RuntimeError):
            address = None
        if address is not None:
            gdb.write('\x01resolved %d %x\n' % (number, unsigned(address + offset)))
            del PENDING[number]
            command = 'tbreak' if one_shot else 'break'
            gdb.execute('%s *0x%x' % (command, unsigned(address + offset)), to_string=True)
            if ignore:
                gdb.execute('ignore $bpnum %d' % ignore, to_string=True)


if not hasattr(gdb, 'hawser_pending'):
    gdb.hawser_pending = True
    gdb.events.new_objfile.connect(resolve_pending)
