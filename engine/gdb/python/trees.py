# Values as trees, as windows show them: with the children of what is open, and no more.

CHILDREN_AT_ONCE = 256
MOST_NODES = 20000
SIMPLE = re.compile(r'^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_]\w*|\[\d+\])*$')


class Tree:
    def __init__(self, opened):
        self.table = Types()
        self.left = MOST_NODES
        self.opened = opened

    def node(self, name, value, expression, opened):
        self.left -= 1
        row = {'n': name, 'v': self.brief(value)}
        if expression is not None:
            row['e'] = expression
        printer = printer_of(value)
        if printer is not None:
            row['d'] = printed(value)
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
            return self.children(inner, printer_of(inner), expression, opened)
        if what == 'pointer':
            return self.pointed(value, plain, expression, opened)
        if what == 'array':
            low, high = array_range(plain)
            return self.elements(value, expression, low, high, opened)
        return self.members(value, plain, expression and member_prefix(expression, '.'), opened)

    def pointed(self, value, plain, expression, opened):
        target = plain.target().strip_typedefs()
        if kind_of(target) in ('struct', 'union', 'class') and printer_of(value.dereference()) is None:
            return self.members(value.dereference(), target, expression and member_prefix(expression, '->'), opened)
        inner = None if expression is None else '*%s' % grouped(expression)
        return self.named([('*', value.dereference(), inner)], opened)

    def members(self, value, plain, prefix, opened):
        found = []
        for field in plain.fields():
            if not hasattr(field, 'bitpos') or getattr(field, 'artificial', False):
                continue
            # What has no name of its own is part of the object: its members are reached through that.
            expression = None if prefix is None else prefix + field.name if field.name and not field.is_base_class else None
            if field.is_base_class:
                found.append((field.name, value[field], None))
            elif field.name:
                found.append((field.name, value[field], expression))
            else:
                found.append(('(unnamed)', value[field], prefix))
        return self.named(found, opened)

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
                rows.append(self.unnamed(key, value, expression, opened.get(key)))
            else:
                rows.append(self.node(key, value, expression, opened.get(key)))
        return rows

    def unnamed(self, key, value, prefix, opened):
        row = self.node(key, value, None, None)
        if opened is not None:
            row['k'] = self.members(value, value.type.strip_typedefs(), prefix, opened)
        return row

    def elements(self, value, expression, low, high, opened):
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

    def printed_children(self, printer, start, opened):
        rows = []
        hint = printer.display_hint() if hasattr(printer, 'display_hint') else None
        pairs = iter(printer.children())
        for at, (name, value) in enumerate(skipping(pairs, start, hint), start):
            if at >= start + CHILDREN_AT_ONCE:
                key = '[%d..]' % at
                more = {'n': key, 'h': 1}
                if key in opened:
                    more['k'] = self.printed_children(printer, at, opened[key])
                rows.append(more)
                break
            if not isinstance(value, gdb.Value):
                value = gdb.Value(value)
            rows.append(self.node(str(name), value, None, opened.get(str(name))))
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


def grouped(expression):
    return expression if SIMPLE.match(expression) else '(%s)' % expression


def member_prefix(expression, operator):
    return grouped(expression) + operator


def printer_of(value):
    try:
        return gdb.default_visualizer(value)
    except (gdb.error, RuntimeError, ValueError):
        return None


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
        row = tree.node(key, symbol.value(frame), None if hidden else symbol.name, tree.opened.get(key))
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
def expression_trees(thread, frame, expressions, opened):
    # `expressions`: what it is called, and what GDB takes; or why not, which is passed through.
    frame_at(thread, frame)
    tree = Tree(opened)
    rows = []
    gdb.execute('set may-call-functions off', to_string=True)
    try:
        for name, expression in expressions:
            try:
                value = in_either_language(expression)
                rows.append(tree.node(name, value, expression, opened.get(name)))
            except (gdb.error, RuntimeError, ValueError) as error:
                rows.append({'n': name, 'u': str(error)})
    finally:
        gdb.execute('set may-call-functions on', to_string=True)
    return {'scope': '', 'nodes': rows, 'types': tree.table.rows}
