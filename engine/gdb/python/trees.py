# Values as trees, as windows show them: with the children of what is open, and no more.

CHILDREN_AT_ONCE = 256
CUT_AFTER = 100
MOST_NODES = 20000
SIMPLE = re.compile(r'^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_]\w*|\[\d+\])*$')


class Tree:
    def __init__(self, opened, raw=False, skip=None):
        self.table = Types()
        self.left = MOST_NODES
        self.opened = opened
        # As it is, whatever the type knows of printing itself.
        self.raw = raw
        # Long lists are cut, not parted; of the outermost so many are left out.
        self.cut = skip is not None
        self.skip = skip or 0

    def window(self):
        start, self.skip = self.skip, 0
        return start

    def printer(self, value):
        return None if self.raw else printer_of(value)

    def node(self, name, value, expression, opened):
        self.left -= 1
        row = {'n': name, 'v': self.brief(value)}
        if expression is not None:
            row['e'] = expression
        printer = self.printer(value)
        if printer is not None:
            row['d'] = summary(value, printer)
        try:
            if self.has_children(value, printer):
                row['h'] = 1
                if opened is not None:
                    row['k'] = self.children(value, printer, expression, opened)
        except (gdb.error, RuntimeError, ValueError) as error:
            row['k'] = [failed(str(error), self.table.add(value.type))]
        return row

    def brief(self, value):
        plain = value.type.strip_typedefs()
        if kind_of(plain) != 'array' or kind_of(plain.target().strip_typedefs()) == 'char':
            return encode(value, 0, self.table)
        # Not its elements: there may be millions.
        row = {'t': self.table.add(value.type)}
        if value.address is not None:
            row['a'] = to_hex(value.address.cast(UNSIGNED_LONG()))
        return row

    def has_children(self, value, printer):
        if value.is_optimized_out:
            return False
        if printer is not None:
            return hasattr(printer, 'children')
        plain = value.type.strip_typedefs()
        what = kind_of(plain)
        if what == 'pointer':
            target = kind_of(plain.target().strip_typedefs())
            return target not in ('void', 'function', 'char', 'other') and int(value) != 0
        return what in ('struct', 'union', 'class', 'array', 'reference')

    def children(self, value, printer, expression, opened):
        if printer is not None:
            return self.printed_children(printer, 0, opened)
        plain = value.type.strip_typedefs()
        what = kind_of(plain)
        if what == 'reference':
            inner = value.referenced_value()
            return self.children(inner, self.printer(inner), expression, opened)
        if what == 'pointer':
            return self.pointed(value, plain, expression, opened)
        if what == 'array':
            low, high = array_range(plain)
            return self.elements(value, expression, low, high, opened)
        return self.members(value, plain, expression and member_prefix(expression, '.'), opened)

    def pointed(self, value, plain, expression, opened):
        target = plain.target().strip_typedefs()
        if kind_of(target) in ('struct', 'union', 'class') and self.printer(value.dereference()) is None:
            return self.members(value.dereference(), target, expression and member_prefix(expression, '->'), opened)
        inner = None if expression is None else '*%s' % grouped(expression)
        return self.named([('*', value.dereference(), inner)], opened)

    def members(self, value, plain, prefix, opened):
        found = []
        places = []
        for field in plain.fields():
            if not hasattr(field, 'bitpos') or getattr(field, 'artificial', False):
                continue
            # What has no name of its own is part of the object: its members are reached through that.
            expression = None if prefix is None else prefix + field.name if field.name and not field.is_base_class else None
            places.append(field)
            if field.is_base_class:
                found.append((field.name, value[field], None))
            elif field.name:
                found.append((field.name, value[field], expression))
            else:
                found.append(('(unnamed)', value[field], prefix))
        rows = self.named(found, opened)
        for row, field, (_, inner, _) in zip(rows, places, found):
            row['f'] = placed_field(field, value, inner)
        return rows

    def named(self, children, opened):
        rows = []
        seen = {}
        for name, value, expression in children:
            if self.left <= 0:
                break
            seen[name] = seen.get(name, 0) + 1
            key = name if seen[name] == 1 else '%s#%d' % (name, seen[name])
            # An unnamed member's expression is the prefix of its members': nothing to be set by itself.
            if name == '(unnamed)':
                rows.append(self.unnamed(key, value, expression, within(opened, key)))
            else:
                rows.append(self.node(key, value, expression, within(opened, key)))
        return rows

    def unnamed(self, key, value, prefix, opened):
        row = self.node(key, value, None, None)
        if opened is not None:
            row['k'] = self.members(value, value.type.strip_typedefs(), prefix, opened)
        return row

    def elements(self, value, expression, low, high, opened):
        if self.cut:
            return self.first_elements(value, low + self.window(), high, opened)
        count = high - low + 1
        if count <= CHILDREN_AT_ONCE:
            base = None if expression is None else grouped(expression)
            return self.named(
                (('[%d]' % i, value[i], None if base is None else '%s[%d]' % (base, i)) for i in range(low, high + 1)),
                opened)
        step = CHILDREN_AT_ONCE
        while count > step * CHILDREN_AT_ONCE:
            step *= CHILDREN_AT_ONCE
        rows = []
        for start in range(low, high + 1, step):
            end = min(high, start + step - 1)
            name = '[%d..%d]' % (start, end)
            row = {'n': name, 'h': 1}
            if name in opened:
                row['k'] = self.elements(value, expression, start, end, opened[name])
            rows.append(row)
        return rows

    def first_elements(self, value, low, high, opened):
        end = min(high, low + CUT_AFTER - 1)
        rows = self.named((('[%d]' % i, value[i], None) for i in range(low, end + 1)), opened)
        return rows + ([{'n': '[...]'}] if end < high else [])

    def printed_children(self, printer, start, opened):
        start += self.window() if self.cut else 0
        rows = []
        hint = printer.display_hint() if hasattr(printer, 'display_hint') else None
        pairs = iter(printer.children())
        for at, (name, value) in enumerate(skipping(pairs, start, hint), start):
            if self.cut and at >= start + CUT_AFTER:
                rows.append({'n': '[...]'})
                break
            if at >= start + CHILDREN_AT_ONCE:
                key = '[%d..]' % at
                more = {'n': key, 'h': 1}
                if key in opened:
                    more['k'] = self.printed_children(printer, at, opened[key])
                rows.append(more)
                break
            if not isinstance(value, gdb.Value):
                value = gdb.Value(value)
            rows.append(self.node(str(name), value, None, within(opened, str(name))))
        return rows


def skipping(pairs, start, hint):
    # Of a map, keys and values come in turn.
    for at in range(start * 2 if hint == 'map' else start):
        next(pairs, None)
    if hint != 'map':
        yield from pairs
        return
    for _, key in pairs:
        _, value = next(pairs, (None, None))
        yield '[%s]' % (key.format_string(**shortened()) if isinstance(key, gdb.Value) else key), value


def placed_field(field, value, inner):
    # Offset, and of a bit-field its first bit and width.
    if getattr(field, 'bitpos', None) is None:
        return [unsigned(inner.address) - unsigned(value.address)] if inner.address is not None and value.address is not None else [0]
    if not field.bitsize:
        return [int(field.bitpos) // 8]
    unit = max(field.type.strip_typedefs().sizeof, 1) * 8
    return [int(field.bitpos) // unit * unit // 8, int(field.bitpos) % unit, field.bitsize]


def within(opened, key):
    # What is open below a node; `*` stands for all.
    return opened.get(key, opened.get('*'))


def grouped(expression):
    return expression if SIMPLE.match(expression) else '(%s)' % expression


def member_prefix(expression, operator):
    return grouped(expression) + operator


PRINTERS = {}


def printer_of(value):
    look_for_printers()
    try:
        return gdb.default_visualizer(value)
    except (gdb.error, RuntimeError, ValueError):
        return None


def look_for_printers():
    # GDB loads those of libstdc++ by the library's path, which is another one where the target is elsewhere.
    if PRINTERS:
        return
    PRINTERS['looked'] = True
    import glob
    for folder in sorted(glob.glob('/usr/share/gcc*/python') + glob.glob('/usr/share/gdb/python'), reverse=True):
        if not os.path.exists(os.path.join(folder, 'libstdcxx', 'v6', 'printers.py')):
            continue
        if folder not in sys.path:
            sys.path.append(folder)
        try:
            from libstdcxx.v6.printers import register_libstdcxx_printers
            from libstdcxx.v6.xmethods import register_libstdcxx_xmethods
            register_libstdcxx_printers(None)
            register_libstdcxx_xmethods(None)
            return
        except (ImportError, RuntimeError):
            pass


def look_for_operators(expression):
    # `*pointer`, `pointer->field`, `vector[1]` of the library's classes, without calling the program's own functions.
    if re.search(r'[*[(]|->', expression):
        look_for_printers()


def summary(value, printer):
    # In one line: a string as it is, of a container how many it has.
    try:
        if hasattr(printer, 'summary'):
            return printer.summary()
        name = value.type.strip_typedefs().unqualified().name or ''
        if re.match(r'^std::(?:__cxx11::)?(?:basic_string|basic_string_view)<', name):
            return value.format_string(max_elements=200)[:300]
        text = printer.to_string() if hasattr(printer, 'to_string') else ''
        counted = re.search(r'(?:of length|with) (\d+)', text) if isinstance(text, str) else None
        if counted:
            return '{ size=%s }' % counted.group(1)
        if isinstance(text, str) and re.match(r'^empty std::', text):
            return '{ size=0 }'
        # What stands before is the type, which is shown beside it.
        return re.sub(r'^std::.*?(?: = | (?=\[no contained))', '', printed(value))
    except (gdb.error, RuntimeError, ValueError, TypeError) as error:
        return '<%s>' % error


def shortened():
    # max_depth and the others that GDB 12 has.
    return {'max_depth': 1, 'max_elements': 16}


def printed(value):
    try:
        return value.format_string(**shortened())[:300]
    except (gdb.error, RuntimeError, ValueError, TypeError) as error:
        return '<%s>' % error


def failed(text, kind):
    return {'n': '', 'v': {'t': kind, 'u': text}}


def local_values(frame, tree):
    rows = []
    seen = set()
    try:
        block = frame.block()
    except RuntimeError:
        return None
    while block is not None and not block.is_global and not block.is_static:
        for symbol in block:
            if not (symbol.is_argument or symbol.is_variable) or tree.left <= 0:
                continue
            # One that an inner block hides has the same name in no expression.
            hidden = symbol.name in seen
            key = symbol.name if not hidden else '%s#%d' % (symbol.name, len(rows))
            seen.add(symbol.name)
            rows.append(local_value(symbol, key, hidden, frame, tree))
        if block.function is not None:
            break
        block = block.superblock
    return rows


def local_value(symbol, key, hidden, frame, tree):
    try:
        row = tree.node(key, symbol.value(frame), None if hidden else symbol.name, within(tree.opened, key))
    except (gdb.error, RuntimeError, ValueError) as error:
        row = {'n': key, 'v': {'t': tree.table.add(symbol.type), 'u': str(error)}}
    if symbol.is_argument:
        row['p'] = 1
    return row


@method
def local_trees(thread, frame, opened):
    selected = frame_at(thread, frame)
    tree = Tree(opened)
    function = selected.function()
    rows = local_values(selected, tree)
    if selected.find_sal().symtab is None:
        rows = None
    return {'scope': function.name if function is not None else '', 'nodes': rows, 'types': tree.table.rows}


@method
def expression_trees(thread, frame, expressions, opened, raw=False, skip=None):
    # `expressions`: what it is called, and what GDB takes; or why not, which is passed through.
    frame_at(thread, frame)
    tree = Tree(opened, raw, skip)
    rows = []
    gdb.execute('set may-call-functions off', to_string=True)
    try:
        for name, expression in expressions:
            try:
                value = in_either_language(expression)
                rows.append(tree.node(name, value, expression, within(opened, name)))
            except (gdb.error, RuntimeError, ValueError) as error:
                rows.append({'n': name, 'u': str(error)})
    finally:
        gdb.execute('set may-call-functions on', to_string=True)
    return {'scope': '', 'nodes': rows, 'types': tree.table.rows, 'full': tree.left <= 0}
