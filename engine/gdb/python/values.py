# Values with their types, as deep as asked for.

STRING_LIMIT = 128
ELEMENT_LIMIT = 256


def encode(value, depth, table):
    kind = value.type
    plain = kind.strip_typedefs()
    row = {'t': table.add(kind)}
    try:
        if value.address is not None:
            row['a'] = to_hex(value.address.cast(UNSIGNED_LONG()))
    except gdb.error:
        pass
    try:
        if value.is_optimized_out:
            row['u'] = '<optimized out>'
            return row
        fill(row, value, plain, depth, table)
    except (gdb.error, RuntimeError, ValueError, OverflowError) as error:
        row['u'] = str(error)
    return row


def described(value, depth, table):
    # With what its type says of itself in one line, where it does: a string, how many a container has.
    row = encode(value, depth, table)
    if 'u' not in row:
        plain = value.type.strip_typedefs()
        try:
            shown = value.referenced_value() if kind_of(plain) == 'reference' else value
            text = one_line(shown, table)
            if text is not None:
                row['d'] = text
        except (gdb.error, RuntimeError, ValueError):
            pass
    return row


def one_line(value, table):
    plain = value.type.strip_typedefs()
    if plain.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ARRAY):
        return None
    printer = printer_of(value)
    if printer is not None:
        return summary(value, printer)
    # Structures of Rust in Rust's own words; those of other languages are named by their type.
    return rust_text(value) if is_rust(table) else None


def is_rust(table):
    # Asked once for each answer.
    if table.rust is None:
        try:
            table.rust = 'rust' in gdb.execute('show language', to_string=True)
        except gdb.error:
            table.rust = False
    return table.rust


def UNSIGNED_LONG():
    return gdb.lookup_type('unsigned long')


def fill(row, value, plain, depth, table):
    what = kind_of(plain)
    if what in ('int', 'char', 'bool'):
        value.fetch_lazy()
        row['i'] = str(int(value))
    elif what == 'enum':
        fill_enum(row, value, plain)
    elif what == 'pointer':
        row['i'] = str(unsigned(value, plain.sizeof * 8))
        text = pointed_string(int(row['i']), plain.target().strip_typedefs())
        if text is not None:
            row['s'] = text
    elif what == 'reference':
        target = value.referenced_value()
        row['i'] = str(unsigned(target.address))
    elif what == 'function':
        pass
    elif what in ('struct', 'union', 'class'):
        if depth > 0:
            fill_members(row, value, plain, depth, table)
    elif what == 'array':
        fill_array(row, value, plain, depth, table)
    else:
        value.fetch_lazy()
        row['f'] = value.format_string(symbols=False)


def fill_enum(row, value, plain):
    number = int(value)
    row['i'] = str(number)
    for field in plain.fields():
        if field.enumval == number:
            row['e'] = field.name
            return
    # Of flags several at once.
    parts = [field for field in plain.fields() if field.enumval & number == field.enumval and field.enumval > 0 and not field.enumval & (field.enumval - 1)]
    if number > 0 and sum(field.enumval for field in parts) == number:
        row['e'] = ' | '.join(field.name for field in parts)


def fill_members(row, value, plain, depth, table):
    members = []
    for field in plain.fields():
        one = field_row(field, table)
        try:
            inner = value[field]
            one['v'] = encode(inner, depth_of(field, depth), table)
            if 'virtual' in one and value.address is not None:
                one['o'] = unsigned(inner.address) - unsigned(value.address)
                del one['virtual']
        except (gdb.error, RuntimeError) as error:
            one['v'] = {'t': one['t'], 'u': str(error)}
        members.append(one)
    row['m'] = members


def depth_of(field, depth):
    # What has no name of its own, and what is inherited, belongs to the object itself.
    return depth if field.is_base_class or not field.name else depth - 1


def fill_array(row, value, plain, depth, table):
    element = plain.target().strip_typedefs()
    low, high = array_range(plain)
    if kind_of(element) == 'char':
        text = array_string(value, element, low, min(high, low + STRING_LIMIT - 1))
        if text is not None:
            row['s'] = text
    if depth > 0:
        row['x'] = [encode(value[i], depth - 1, table) for i in range(low, min(high, low + ELEMENT_LIMIT - 1) + 1)]
    else:
        value.fetch_lazy()
        if high >= low:
            row['x'] = [encode(value[low], 0, table)]


ENCODINGS = {1: 'utf-8', 2: 'utf-16-le', 4: 'utf-32-le'}


def decode_text(data, size):
    for end in range(0, len(data) - size + 1, size):
        if not any(data[end:end + size]):
            data = data[:end]
            break
    return data.decode(ENCODINGS[size], 'replace')


def array_string(value, element, low, high):
    if element.sizeof not in ENCODINGS:
        return None
    mask = (1 << element.sizeof * 8) - 1
    data = bytearray()
    for i in range(low, high + 1):
        data += (int(value[i]) & mask).to_bytes(element.sizeof, 'little')
    return decode_text(bytes(data), element.sizeof)


def pointed_string(address, target):
    if address == 0 or kind_of(target) != 'char' or target.sizeof not in ENCODINGS:
        return None
    inferior = gdb.selected_inferior()
    wanted = STRING_LIMIT * target.sizeof
    for length in (wanted, min(wanted, 4096 - address % 4096)):
        try:
            return decode_text(bytes(inferior.read_memory(address, length)), target.sizeof)
        except gdb.MemoryError:
            pass
    return None


def frame_variables(frame, table, only_arguments, depth=0):
    answer = []
    try:
        block = frame.block()
    except RuntimeError:
        return answer
    while block is not None and not block.is_global and not block.is_static:
        for symbol in block:
            if symbol.is_argument or (symbol.is_variable and not only_arguments):
                answer.append(variable_row(symbol, frame, table, depth))
        if block.function is not None:
            break
        block = block.superblock
    return answer


def variable_row(symbol, frame, table, depth):
    try:
        value = described(symbol.value(frame), depth, table)
    except (gdb.error, RuntimeError, ValueError) as error:
        value = {'t': table.add(symbol.type), 'u': str(error)}
    if 'a' not in value and 'u' not in value:
        register = register_of(symbol, frame)
        if register is not None:
            value['r'] = register
    return {'n': symbol.name, 'p': 1 if symbol.is_argument else 0, 'v': value}


def register_of(symbol, frame):
    # GDB tells in words only, with a range for each place where there are several.
    try:
        frame.select()
        text = gdb.execute('info address %s' % symbol.name, to_string=True)
    except gdb.error:
        return None
    pc = frame.pc()
    for start, end, name in re.findall(r'(?:Range 0x([0-9a-f]+)-0x([0-9a-f]+): )?a variable in \$(\w+)', text):
        if not start or int(start, 16) <= pc < int(end, 16):
            return name
    return None


@method
def locals(thread, frame):
    table = Types()
    rows = frame_variables(frame_at(thread, frame), table, False)
    return {'variables': rows, 'types': table.rows}


@method
def variables_at(address):
    # Of the code there, each with its place in words of ours; None: nothing is known of it.
    pc = int(address, 16)
    block = gdb.current_progspace().block_for_pc(pc)
    if block is None or block.function is None and block.superblock is None:
        return None
    try:
        text = gdb.execute('info scope *0x%x' % pc, to_string=True)
    except gdb.error:
        text = ''
    places = {}
    for name, place in re.findall(r'^Symbol (.+?) is (.*?), length \d+\.$', text, re.MULTILINE | re.DOTALL):
        places.setdefault(name, place_text(place, pc))
    table = Types()
    rows = []
    while block is not None and not block.is_global and not block.is_static:
        for symbol in block:
            if symbol.is_argument or symbol.is_variable:
                where = places.get(symbol.name, '<unavailable>')
                rows.append({'n': symbol.name, 'p': 1 if symbol.is_argument else 0, 't': table.add(symbol.type), 'w': where})
        if block.function is not None:
            break
        block = block.superblock
    return {'variables': rows, 'types': table.rows}


def place_text(text, pc):
    ranges = re.findall(r'Range 0x([0-9a-f]+)-0x([0-9a-f]+): (.*?)(?=Range 0x|Base address|\Z)', text, re.DOTALL)
    if ranges or text.startswith('multi-location'):
        text = next((what for start, end, what in ranges if int(start, 16) <= pc < int(end, 16)), 'optimized out')
    register = re.match(r'a variable in \$(\w+)', text)
    if register:
        return '@' + register.group(1)
    static = re.search(r'static storage at address 0x([0-9a-f]+)', text)
    if static:
        digits = static.group(1).rjust(16, '0')
        return digits[:8] + '`' + digits[8:]
    offset = re.search(r'DW_OP_fbreg (-?\d+)\s*$', text) or re.search(r'frame base reg \$\w+ offset (-?\d+)', text)
    if offset:
        number = int(offset.group(1))
        # GDB counts from the address behind the return address and the saved frame pointer.
        return 'cfa%s0x%x' % ('-' if number < 0 else '+', abs(number))
    return '<unavailable>' if 'optimized out' in text else '<computed>'


@method
def read_value(type, address, depth, files=()):
    table = Types()
    kind = lookup(type, files)
    try:
        row = encode(gdb.Value(int(address, 16)).cast(kind.pointer()).dereference(), depth, table)
    except gdb.MemoryError as error:
        # The layout of an enum of Rust depends on what is stored.
        row = layout(kind, str(error), table)
    return {'value': row, 'types': table.rows}


def layout(kind, why, table):
    row = {'t': table.add(kind), 'u': why}
    plain = kind.strip_typedefs()
    if plain.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        rows = [field_row(field, table) for field in plain.fields() if not field.artificial]
        row['m'] = [{**one, 'v': {'t': one['t'], 'u': why}} for one in rows]
    return row


def in_either_language(expression):
    look_for_operators(expression)
    # In the language of the frame; what makes no sense there (a cast in Rust, `static_cast` in C) counts as C++.
    try:
        return gdb.parse_and_eval(expression)
    except gdb.error:
        if re.search(r'(currently |")c\+\+"', gdb.execute('show language', to_string=True)):
            raise
        own = sys.exc_info()[1]
    language = gdb.parameter('language')
    gdb.execute('set language c++', to_string=True)
    try:
        value = gdb.parse_and_eval(expression)
        value.fetch_lazy()
        return value
    except gdb.error:
        raise own
    finally:
        gdb.execute('set language %s' % language, to_string=True)


def pointee_row(value, table):
    # With the pointer itself: a type's name alone may be another module's.
    plain = value.type.strip_typedefs()
    if kind_of(plain) not in ('pointer', 'reference') or int(value.address if kind_of(plain) == 'reference' else value) == 0:
        return None
    target = value.referenced_value()
    if target.type.strip_typedefs().code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return None
    try:
        target.fetch_lazy()
        return encode(target, 1, table)
    except gdb.MemoryError as error:
        return layout(target.type, str(error), table)


@method
def evaluate(expression, thread, frame, depth):
    if thread is not None:
        frame_at(thread, frame)
    table = Types()
    # An expression is there to look: it does not run code of the target.
    gdb.execute('set may-call-functions off', to_string=True)
    try:
        value = in_either_language(expression)
        row = described(value, depth, table)
        if depth > 0 and 'u' not in row:
            pointed = pointee_row(value, table)
            if pointed is not None:
                row['p'] = pointed
        return {'value': row, 'types': table.rows}
    finally:
        gdb.execute('set may-call-functions on', to_string=True)


@method
def local_address(thread, frame, name):
    # Exact name first, then without case; None where there is no such local or it has no address.
    selected = frame_at(thread, frame)
    other = None
    for symbol in visible_symbols(selected):
        if symbol.name == name:
            return address_of(symbol, selected)
        if other is None and symbol.name.lower() == name.lower():
            other = symbol
    return address_of(other, selected) if other is not None else None


def visible_symbols(frame):
    try:
        block = frame.block()
    except RuntimeError:
        return
    while block is not None and not block.is_global and not block.is_static:
        for symbol in block:
            if symbol.is_argument or symbol.is_variable:
                yield symbol
        if block.function is not None:
            return
        block = block.superblock


def address_of(symbol, frame):
    try:
        value = symbol.value(frame)
        return None if value.address is None else to_hex(value.address.cast(UNSIGNED_LONG()))
    except (gdb.error, RuntimeError):
        return None


@method
def describe_symbols(addresses):
    # Type and size from debug information for functions and data at these addresses.
    table = Types()
    answer = []
    for name, text in addresses:
        answer.append(describe_symbol(name, int(text, 16), table))
    return {'symbols': answer, 'types': table.rows}


def entry_of(block):
    # Optimized code may begin below its entry: its unlikely part is set apart.
    try:
        return unsigned(block.function.value().address)
    except (gdb.error, RuntimeError, TypeError):
        return block.start


def describe_symbol(name, address, table):
    block = gdb.block_for_pc(address)
    while block is not None and block.function is None:
        block = block.superblock
    if block is not None and entry_of(block) == address:
        return {'k': 'function', 'z': block.end - address, 't': table.add(block.function.type)}
    for symbol in [gdb.lookup_global_symbol(name)] + static_symbols(name):
        try:
            if symbol is not None and symbol.is_variable:
                value = symbol.value()
                if value.address is not None and unsigned(value.address) == address:
                    return {'k': 'data', 'z': value.type.sizeof, 't': table.add(symbol.type)}
        except (gdb.error, RuntimeError, TypeError):
            pass
    return None
