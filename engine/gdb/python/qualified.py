# Names with their module in C++ expressions: GDB's grammar has no modules, so what a bare name does not reach gets a
# convenience variable that points at it.

VARIABLES = {}


def pointing_variable(key, pointer):
    name = VARIABLES.setdefault(key, '_hawser_%d' % len(VARIABLES))
    gdb.set_convenience_variable(name, pointer)
    return '$' + name


def static_symbols(name):
    if hasattr(gdb, 'lookup_static_symbols'):
        return list(gdb.lookup_static_symbols(name))
    found = gdb.lookup_static_symbol(name)
    return [] if found is None else [found]


def symbols_named(name, files):
    # What a bare name may mean anywhere, then what it is in the files.
    found = gdb.lookup_global_symbol(name)
    yield from static_symbols(name) + ([] if found is None else [found])
    yield from symbols_in(name, files)


def symbols_in(name, files):
    for objfile in gdb.objfiles():
        if objfile.filename is not None and object_name(objfile) in files:
            for find in (objfile.lookup_static_symbol, objfile.lookup_global_symbol):
                found = find(name)
                if found is not None:
                    yield found


def pointer_to(symbol):
    try:
        return symbol.value().address if symbol.is_variable or symbol.is_function else None
    except (gdb.error, RuntimeError, TypeError):
        return None


def frame_or_none(thread, level):
    try:
        return frame_at(thread, level) if thread is not None else None
    except (gdb.error, gdb.GdbError):
        return None


@method
def qualified_symbol(name, address, files, thread=None, frame=0):
    # Text for the symbol at an address; None where debug information does not know it and its bare name is another's.
    wanted = int(address, 16)
    selected = frame_or_none(thread, frame)
    hidden = selected is not None and any(symbol.name == name for symbol in visible_symbols(selected))
    places = {}
    for symbol in symbols_named(name, files):
        pointer = pointer_to(symbol)
        if pointer is not None:
            places.setdefault(unsigned(pointer), pointer)
            # The address that symbol tables have of a thread's variable is none.
            if symbol.addr_class == gdb.SYMBOL_LOC_COMPUTED and object_name(symbol.symtab.objfile) in files:
                wanted = unsigned(pointer)
    if wanted in places:
        if len(places) == 1 and not hidden:
            return name
        return '(*%s)' % pointing_variable((name, wanted), places[wanted])
    return None if places or hidden else name


@method
def qualified_type(name, stars, files, thread=None, frame=0):
    # A variable that points at an object of a type which is not there; None: no type. Without files it is one that the
    # frame's own file knows by that name and that no variable or function hides.
    selected = frame_or_none(thread, frame)
    tagged = re.match(r'(struct|union|enum|class)\s', name) is not None
    if not files:
        try:
            symbol = None if tagged else gdb.lookup_symbol(name)[0]
        except gdb.error:
            symbol = None
        if symbol is not None and symbol.addr_class != gdb.SYMBOL_LOC_TYPEDEF:
            return None
        home = selected.find_sal().symtab if selected is not None else None
        home = object_name(home.objfile) if home is not None else gdb.current_progspace().filename
        found = lookup_in(name, (home,))
    else:
        if not tagged and stars == 0 and any(pointer_to(symbol) is not None for symbol in symbols_in(name, files)):
            return None
        try:
            found = lookup(name, files)
        except (gdb.error, gdb.GdbError):
            found = None
    if found is None:
        return None
    for _ in range(stars):
        found = found.pointer()
    return pointing_variable((name, stars, tuple(files) or home), gdb.Value(0).cast(found.pointer()))


@method
def is_enumerator(name):
    try:
        symbol = gdb.lookup_symbol(name)[0]
        return symbol is not None and symbol.is_constant
    except gdb.error:
        return False
