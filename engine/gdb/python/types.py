# Types as rows of a table, each named once however often it occurs.

KINDS = {
    gdb.TYPE_CODE_INT: 'int', gdb.TYPE_CODE_CHAR: 'char', gdb.TYPE_CODE_BOOL: 'bool', gdb.TYPE_CODE_FLT: 'float',
    gdb.TYPE_CODE_ENUM: 'enum', gdb.TYPE_CODE_PTR: 'pointer', gdb.TYPE_CODE_REF: 'reference',
    gdb.TYPE_CODE_RVALUE_REF: 'reference', gdb.TYPE_CODE_STRUCT: 'struct', gdb.TYPE_CODE_UNION: 'union',
    gdb.TYPE_CODE_ARRAY: 'array', gdb.TYPE_CODE_FUNC: 'function', gdb.TYPE_CODE_METHOD: 'function',
    gdb.TYPE_CODE_VOID: 'void',
}
CHARACTERS = ('char', 'signed char', 'unsigned char', 'wchar_t', 'char8_t', 'char16_t', 'char32_t')
SIGNED_KINDS = ('int', 'char', 'enum', 'bool')


def kind_of(plain):
    kind = KINDS.get(plain.code, 'other')
    if kind == 'int' and plain.unqualified().name in CHARACTERS:
        return 'char'
    return kind


def is_signed(plain):
    if hasattr(plain, 'is_signed'):
        return plain.is_signed
    try:
        return int(gdb.Value(-1).cast(plain)) < 0
    except gdb.error:
        return False


class Types:
    def __init__(self):
        self.rows = []
        self.known = {}
        self.rust = None

    def add(self, kind):
        name = str(kind)
        plain = kind.strip_typedefs()
        # Two anonymous structs have the same name; size and code keep most of them apart, the fields the rest.
        key = (name, plain.code, plain.sizeof, anonymous_key(plain) if '{...}' in name else None)
        if key in self.known:
            return self.known[key]
        index = len(self.rows)
        self.known[key] = index
        self.rows.append(None)
        self.rows[index] = self.row(kind, name, plain)
        return index

    def row(self, kind, name, plain):
        what = kind_of(plain)
        if what == 'struct' and name.startswith('class '):
            what = 'class'
        row = {'k': what, 'n': name, 's': plain.sizeof}
        canonical = str(plain)
        if canonical != name:
            row['c'] = canonical
        if what in SIGNED_KINDS:
            row['g'] = 1 if is_signed(plain) else 0
        if what in ('pointer', 'reference', 'array', 'function'):
            row['t'] = self.add(plain.target())
        if what == 'array':
            low, high = array_range(plain)
            row['e'] = high - low + 1
        if what == 'function':
            row['p'] = [self.add(field.type) for field in plain.fields()]
        return row


def anonymous_key(plain):
    if plain.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ENUM):
        return None
    return tuple(field.name for field in plain.fields())


def array_range(plain):
    try:
        low, high = plain.range()
        return int(low), int(high)
    except (gdb.error, ValueError):
        return 0, -1


def enumerators(plain):
    return [[field.name, str(field.enumval)] for field in plain.fields()]


def field_name(field):
    # What tells the variants of an enum of Rust apart has no name.
    return field.name or ('discr' if field.artificial else '')


def field_row(field, table):
    row = {'n': field_name(field), 't': table.add(field.type)}
    if getattr(field, 'bitpos', None) is None:
        # Where a virtual base lies is known of objects only.
        if field.is_base_class:
            row['base'] = 1
        row['virtual' if field.is_base_class else 'static'] = 1
        row['o'] = 0
        return row
    position = int(field.bitpos)
    if field.bitsize:
        unit = max(field.type.strip_typedefs().sizeof, 1) * 8
        row['o'] = position // unit * unit // 8
        row['b'] = position % unit
        row['w'] = field.bitsize
    else:
        row['o'] = position // 8
    if field.is_base_class:
        row['base'] = 1
    return row


def fields_of(plain, table):
    if plain.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return None
    return [field_row(field, table) for field in plain.fields()]


def lookup(name, files=()):
    return lookup_written(name, files or (gdb.current_progspace().filename,), bool(files))


def lookup_written(name, files, only):
    # A type by its name as people write it: with or without `struct`, with pointers and arrays after it.
    match = re.match(r'^(.*?)((?:\s*\*|\s*\[\d+\])*)\s*$', name)
    found = lookup_base(match.group(1).strip(), files, only)
    for _ in range(match.group(2).count('*')):
        found = found.pointer()
    for count in reversed(re.findall(r'\[(\d+)\]', match.group(2))):
        found = found.array(int(count) - 1)
    return found


def lookup_base(name, files, only=False):
    # Libraries have types of common names (`node`), so the one of the files asked for goes first; `only` takes
    # no other but those that belong to no file.
    found = lookup_in(name, files)
    if found is not None:
        return found
    other = None
    for found in candidates(name):
        if found.objfile is not None and object_name(found.objfile) in files:
            return found
        if other is None and not (only and found.objfile is not None):
            other = found
    if other is not None:
        return other
    # Names of built-in types in another order (`unsigned`, `long unsigned int`) are the parser's matter.
    try:
        found = gdb.parse_and_eval('(%s *)0' % name).type.target()
    except gdb.error:
        found = None
    if found is None or only and not belongs(found, files):
        raise gdb.GdbError('No type named %s.' % name)
    return found


def belongs(kind, files):
    return kind.objfile is None or object_name(kind.objfile) in files


def lookup_in(name, files):
    # The symbol tables of the files themselves: GDB's own look-up answers with the first it comes across.
    tag = re.sub(r'^(struct|union|enum|class)\s+', '', name)
    domains = [gdb.SYMBOL_STRUCT_DOMAIN] if tag != name else [gdb.SYMBOL_STRUCT_DOMAIN, gdb.SYMBOL_VAR_DOMAIN]
    for objfile in gdb.objfiles():
        if objfile.filename is None or object_name(objfile) not in files:
            continue
        for domain in domains:
            for find in (objfile.lookup_static_symbol, objfile.lookup_global_symbol):
                symbol = find(tag, domain)
                if symbol is not None and symbol.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
                    return symbol.type
    return None


def candidates(name):
    tries = [name]
    if not re.match(r'^(struct|union|enum|class)\s', name):
        tries += ['struct ' + name, 'union ' + name, 'enum ' + name]
    for attempt in tries:
        try:
            yield gdb.lookup_type(attempt)
        except gdb.error:
            pass


def object_name(objfile):
    return (objfile.owner or objfile).filename


@method
def find_type(name, files=()):
    try:
        found = lookup(name, files)
    except (gdb.error, gdb.GdbError):
        return None
    table = Types()
    plain = found.strip_typedefs()
    answer = {'type': table.add(found), 'fields': fields_of(plain, table), 'types': table.rows}
    if plain.code == gdb.TYPE_CODE_ENUM:
        answer['enumerators'] = enumerators(plain)
    return answer


@method
def find_types(limit, expression):
    # Names of types that match GDB's expression; the caller has the patterns. Without one GDB reads everything.
    names = set()
    for line in gdb.execute('info types -q %s' % expression, to_string=True).splitlines():
        match = re.match(r'^(?:\d+:)?\s+(\S.*?);?$', line)
        name = listed_name(match.group(1)) if match is not None else None
        if name:
            names.add(name)
        if len(names) >= limit:
            break
    return sorted(names)


@method
def type_files(names, files):
    # For each name the file of the first that has a type of it, and its size; None where none has.
    return [first_file(name, files) for name in names]


def first_file(name, files):
    for file in files:
        found = lookup_in(name, (file,))
        if found is not None:
            return [file, found.sizeof]
    return None


@method
def type_layout(type, depth, files=()):
    table = Types()
    return {'value': layout_row(lookup(type, files), depth, table), 'types': table.rows}


def layout_row(kind, depth, table):
    # As a value has it, but for what only an object has.
    row = {'t': table.add(kind)}
    plain = kind.strip_typedefs()
    if plain.code == gdb.TYPE_CODE_ARRAY:
        row['x'] = [layout_row(plain.target(), depth, table)]
    elif depth > 0 and plain.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        row['m'] = []
        for field in plain.fields():
            one = field_row(field, table)
            one['v'] = layout_row(field.type, depth_of(field, depth), table)
            row['m'].append(one)
    return row


def listed_name(text):
    if not text.startswith('typedef '):
        return None if '{' in text else text
    pointer = re.search(r'\(\*+\s*(\w+)\)', text)
    last = pointer or re.search(r'([A-Za-z_]\w*)(?:\s*\[\d*\])*$', text)
    return last.group(1) if last is not None else None
