# Values of Rust as its Debug prints them, bounded, and the standard library's containers with their elements. GDB's own
# printing of enums is not used: GDB 13 ends on some.

RUST_ITEMS = 16
RUST_LENGTH = 200
RUST_DEPTH = 4


def rust_sequence(value):
    # [count, iterator of values]; None: it is none.
    name = value.type.strip_typedefs().name or ''
    if re.match(r"^&(?:'\w+ )?(?:mut )?\[", name) or re.match(r'^\*(?:const|mut) \[', name):
        return items_at(value['data_ptr'], int(value['length']), 0, None)
    if name.startswith('alloc::vec::Vec<'):
        return items_at(element_pointer(value), int(value['len']), 0, None)
    if name.startswith('alloc::collections::vec_deque::VecDeque<'):
        capacity = first_capacity(value['buf'])
        return items_at(element_pointer(value), int(value['len']), int(value['head']), capacity)
    if re.match(r'^std::collections::hash::set::HashSet<', name):
        return hash_entries(value, False)
    if re.match(r'^alloc::collections::btree::set::BTreeSet<', name):
        entries = tree_entries(value['map'])
        return [entries[0], (key for key, _ in entries[1])]
    return None


def rust_map(value):
    # [count, iterator of pairs]; None: it is none.
    name = value.type.strip_typedefs().name or ''
    if name.startswith('std::collections::hash::map::HashMap<'):
        return hash_entries(value, True)
    if name.startswith('alloc::collections::btree::map::BTreeMap<'):
        return tree_entries(value)
    return None


def element_pointer(value):
    element = value.type.strip_typedefs().template_argument(0)
    return first_inside(value['buf'], lambda kind: kind.code == gdb.TYPE_CODE_PTR).cast(element.pointer())


def first_inside(value, wanted):
    # The first member of a kind, however deep.
    kind = value.type.strip_typedefs()
    if wanted(kind):
        return value
    if kind.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return None
    for field in kind.fields():
        found = first_inside(value[field], wanted) if getattr(field, 'bitpos', None) is not None else None
        if found is not None:
            return found
    return None


def first_capacity(value):
    found = first_inside(value, lambda kind: kind.code == gdb.TYPE_CODE_INT and kind.sizeof == 8)
    return None if found is None else int(found) & ((1 << 63) - 1)


def items_at(pointer, count, head, capacity):
    if capacity:
        return [count, (pointer[(head + at) % capacity] for at in range(count))]
    return [count, (pointer[at] for at in range(count))]


def hash_entries(value, pairs):
    # hashbrown's table: a byte for each bucket, its top bit set where the bucket is empty; buckets lie before them, backwards.
    table = first_inside(value, lambda kind: (kind.name or '').startswith('hashbrown::raw::RawTable<'))
    entry = table.type.strip_typedefs().template_argument(0)
    inner = table['table']
    control = first_inside(inner['ctrl'], lambda kind: kind.code == gdb.TYPE_CODE_PTR)
    buckets = int(inner['bucket_mask']) + 1
    data = control.cast(entry.pointer())

    def walk():
        left = int(inner['items'])
        for start in range(0, buckets, 4096):
            size = min(4096, buckets - start)
            states = bytes(gdb.selected_inferior().read_memory(int(control) + start, size))
            for at, state in enumerate(states):
                if left > 0 and state < 128:
                    left -= 1
                    found = data[-(start + at) - 1]
                    yield (found['__0'], found['__1']) if pairs else found['__0']
    return [int(inner['items']), walk()]


def tree_entries(value):
    count = int(value['length'])
    root = value['root']
    node = first_inside(root, lambda kind: (kind.name or '').startswith('alloc::collections::btree::node::NodeRef<')) if count else None
    if node is None:
        return [count, iter(())]
    leaf = first_inside(node['node'], lambda kind: kind.code == gdb.TYPE_CODE_PTR)
    return [count, tree_walk(leaf, int(node['height']))]


def tree_walk(leaf, height):
    node = leaf.dereference()
    edges = None
    if height > 0:
        internal = gdb.lookup_type(node.type.strip_typedefs().name.replace('::LeafNode<', '::InternalNode<'))
        edges = leaf.cast(internal.pointer()).dereference()['edges']
    for at in range(int(node['len']) + 1):
        if edges is not None:
            edge = first_inside(edges[at]['value'], lambda kind: kind.code == gdb.TYPE_CODE_PTR)
            yield from tree_walk(edge, height - 1)
        if at < int(node['len']):
            yield initialized(node['keys'][at]), initialized(node['vals'][at])


def initialized(value):
    # MaybeUninit<T> holds a ManuallyDrop<T>, which newer versions wrap once more.
    while re.match(r'^core::mem::(?:maybe_uninit|manually_drop|maybe_dangling)::', value.type.strip_typedefs().name or ''):
        names = [field.name for field in value.type.strip_typedefs().fields()]
        value = value['value' if 'value' in names else '__0']
    return value


def rust_string(value):
    name = value.type.strip_typedefs().name or ''
    if re.match(r"^&(?:'\w+ )?(?:mut )?str$", name):
        return text_at(value['data_ptr'], int(value['length']))
    if name == 'alloc::string::String':
        return text_at(element_pointer(value['vec']), int(value['vec']['len']))
    return None


def text_at(pointer, length):
    shown = min(length, RUST_LENGTH)
    data = bytes(gdb.selected_inferior().read_memory(int(pointer), shown)) if shown > 0 else b''
    text = data.decode('utf-8', 'replace')
    return '"%s"%s' % (text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n'), '...' if shown < length else '')


def variants(kind):
    # The fields of an enum's variants; None: it is none.
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    fields = kind.fields()
    if not fields or not any(field.artificial and not field.name for field in fields):
        return None
    return [field for field in fields if field.name]


def rust_pointee(value):
    # Of Rc and Arc.
    inner = first_inside(value['ptr'], lambda kind: kind.code == gdb.TYPE_CODE_PTR).dereference()
    return inner['value'] if any(field.name == 'value' for field in inner.type.fields()) else inner['data']


def rust_text(value, depth=RUST_DEPTH):
    try:
        return rust_words(value, depth)[:RUST_LENGTH + 2]
    except (gdb.error, RuntimeError, ValueError, TypeError, KeyError) as error:
        return '<%s>' % error


def rust_words(value, depth):
    kind = value.type.strip_typedefs()
    if value.is_optimized_out:
        return '<optimized out>'
    if kind.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return '...' if depth == 0 else rust_composite(value, kind, depth - 1)
    if kind.code == gdb.TYPE_CODE_ARRAY:
        low, high = array_range(kind)
        return bracketed('[', ']', high - low + 1, (value[at] for at in range(low, high + 1)), depth)
    if kind.code == gdb.TYPE_CODE_PTR:
        return '0x%x' % unsigned(value)
    if kind.code == gdb.TYPE_CODE_BOOL:
        return 'true' if int(value) else 'false'
    if kind.code == gdb.TYPE_CODE_CHAR and kind.sizeof == 4:
        return "'%s'" % chr(int(value)) if int(value) <= sys.maxunicode else str(int(value))
    if kind.code == gdb.TYPE_CODE_ENUM:
        return next((field.name for field in kind.fields() if field.enumval == int(value)), str(int(value))).rsplit('::', 1)[-1]
    if kind.code == gdb.TYPE_CODE_FLT:
        return value.format_string()
    return '()' if kind.sizeof == 0 else str(int(value))


def bracketed(before, after, count, items, depth):
    if count > 0 and depth == 0:
        return before + '...' + after
    shown = [rust_words(item, depth) for item, _ in zip(items, range(RUST_ITEMS))]
    return before + ', '.join(shown + (['...'] if count > len(shown) else [])) + after


def rust_composite(value, kind, depth):
    text = rust_string(value)
    if text is not None:
        return text
    sequence = rust_sequence(value)
    if sequence is not None:
        return bracketed('[', ']', sequence[0], sequence[1], depth)
    entries = rust_map(value)
    if entries is not None:
        shown = ['%s: %s' % (rust_words(key, depth), rust_words(inner, depth)) for (key, inner), _ in zip(entries[1], range(RUST_ITEMS))]
        return '{%s}' % ', '.join(shown + (['...'] if entries[0] > len(shown) else []))
    name = kind.name or ''
    if re.match(r'^alloc::(?:rc::Rc|sync::Arc)<', name):
        return rust_words(rust_pointee(value), depth)
    if re.match(r'^core::cell::(?:Cell|RefCell|UnsafeCell)<', name):
        return rust_words(value['value'], depth)
    among = variants(kind)
    if among is not None:
        if len(among) != 1:
            return base_name(name)
        return rust_fields(among[0].name, value[among[0]], depth)
    return rust_fields('' if name.startswith('(') else base_name(name), value, depth)


def rust_fields(name, value, depth):
    fields = [field for field in value.type.strip_typedefs().fields() if field.name]
    if not fields:
        return name or '()'
    if fields[0].name == '__0':
        ordered = sorted(fields, key=lambda field: int(field.name[2:]))
        return '%s(%s)' % (name, ', '.join(rust_words(value[field], depth) for field in ordered))
    return '%s { %s }' % (name, ', '.join('%s: %s' % (field.name, rust_words(value[field], depth)) for field in fields))


def base_name(name):
    return re.sub(r'<.*', '', name).rsplit('::', 1)[-1]


class RustPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return self.summary()

    def summary(self):
        return rust_text(self.value)


class RustSequence(RustPrinter):
    def summary(self):
        return '{ size=%d }' % rust_sequence(self.value)[0]

    def children(self):
        for at, item in enumerate(rust_sequence(self.value)[1]):
            yield '[%d]' % at, item


class RustMap(RustPrinter):
    def summary(self):
        return '{ size=%d }' % rust_map(self.value)[0]

    def display_hint(self):
        return 'map'

    def children(self):
        for at, (key, inner) in enumerate(rust_map(self.value)[1]):
            yield 'key%d' % at, key
            yield 'value%d' % at, inner


class RustEnum(RustPrinter):
    def children(self):
        for field in variants(self.value.type.strip_typedefs()) or ():
            payload = self.value[field]
            for inner in payload.type.strip_typedefs().fields():
                if inner.name:
                    yield inner.name, payload[inner]


class RustShared(RustPrinter):
    def children(self):
        yield '*', rust_pointee(self.value)


RUST_STRING_NAMES = re.compile(r"^(?:&(?:'\w+ )?(?:mut )?str|alloc::string::String)$")
RUST_SEQUENCE_NAMES = re.compile(r"^(?:&(?:'\w+ )?(?:mut )?\[|\*(?:const|mut) \[|alloc::vec::Vec<|alloc::collections::vec_deque::VecDeque<|std::collections::hash::set::HashSet<|alloc::collections::btree::set::BTreeSet<)")
RUST_MAP_NAMES = re.compile(r'^(?:std::collections::hash::map::HashMap<|alloc::collections::btree::map::BTreeMap<)')
RUST_PRINTERS = (
    (RUST_STRING_NAMES, RustPrinter),
    (RUST_SEQUENCE_NAMES, RustSequence),
    (RUST_MAP_NAMES, RustMap),
    (re.compile(r'^alloc::(?:rc::Rc|sync::Arc)<'), RustShared),
)


def rust_printer(value):
    kind = value.type.strip_typedefs()
    if kind.code != gdb.TYPE_CODE_STRUCT or kind.name is None:
        return None
    for names, printer in RUST_PRINTERS:
        if names.match(kind.name):
            return printer(value)
    return RustEnum(value) if variants(kind) is not None else None


rust_printer.__name__ = 'hawser-rust'
gdb.pretty_printers[:] = [each for each in gdb.pretty_printers if getattr(each, '__name__', '') != 'hawser-rust'] + [rust_printer]
