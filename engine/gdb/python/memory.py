# Memory in bulk and disassembly.

CHUNK = 1 << 20
PAGE = 4096


@method
def dump_memory(address, length, out):
    # Writes what can be read to a file and answers the holes as [from, to) offsets.
    start = int(address, 16)
    inferior = gdb.selected_inferior()
    holes = []
    with open(out, 'wb') as file:
        at = 0
        while at < length:
            size = min(CHUNK, length - at)
            try:
                file.write(inferior.read_memory(start + at, size))
            except gdb.MemoryError:
                dump_pages(inferior, file, start, at, size, holes)
            at += size
    return holes


def dump_pages(inferior, file, start, at, size, holes):
    end = at + size
    while at < end:
        step = min(PAGE - (start + at) % PAGE, end - at)
        try:
            file.write(inferior.read_memory(start + at, step))
        except gdb.MemoryError:
            file.write(bytes(step))
            if holes and holes[-1][1] == at:
                holes[-1][1] = at + step
            else:
                holes.append([at, at + step])
        at += step


def code_architecture():
    try:
        return gdb.selected_frame().architecture()
    except gdb.error:
        return gdb.selected_inferior().architecture()


def decode(architecture, address, count):
    try:
        return architecture.disassemble(address, count=count)
    except gdb.MemoryError:
        pass
    found = []
    while len(found) < count:
        try:
            one = architecture.disassemble(address, count=1)
        except gdb.MemoryError:
            break
        found += one
        address += one[0]['length']
    return found


def with_bytes(rows):
    if not rows:
        return []
    first = rows[0]['addr']
    inferior = gdb.selected_inferior()
    data = bytes(inferior.read_memory(first, rows[-1]['addr'] + rows[-1]['length'] - first))
    answer = []
    for row in rows:
        at = row['addr'] - first
        answer.append([to_hex(row['addr']), data[at:at + row['length']].hex(), row['asm']])
    return answer


@method
def disassemble(address, count):
    return with_bytes(decode(code_architecture(), int(address, 16), count))


@method
def disassemble_before(address, count, start):
    # `start`: of the function, where a symbol tells; otherwise the most agreed-on of several tries.
    end = int(address, 16)
    architecture = code_architecture()
    if start is not None:
        rows = sequence(architecture, int(start, 16), end)
        if rows:
            return with_bytes(rows[-count:])
    best = []
    for back in range(count * 15, 0, -1):
        rows = sequence(architecture, end - back, end)
        if rows and not any('(bad)' in row['asm'] for row in rows):
            if len(rows) >= count:
                return with_bytes(rows[-count:])
            if len(rows) > len(best):
                best = rows
    return with_bytes(best[-count:])


def sequence(architecture, start, end):
    # The instructions from start to end, or None where they do not meet end exactly.
    if start >= end or start < 0:
        return None
    try:
        rows = architecture.disassemble(start, end - 1)
    except gdb.MemoryError:
        return None
    if not rows or rows[-1]['addr'] + rows[-1]['length'] != end:
        return None
    return rows


@method
def function_ranges(address):
    # GDB lists a function's code to say where it lies; its Python tells of a function with parts set apart only its outer bounds.
    try:
        text = gdb.execute('disassemble 0x%s' % address, to_string=True)
    except gdb.error:
        return []
    parts = re.findall(r'^Address range 0x([0-9a-f]+) to 0x([0-9a-f]+):$', text, re.M)
    if parts:
        return parts
    places = re.findall(r'^(?:=>)?\s*0x([0-9a-f]+) <', text, re.M)
    if not places:
        return []
    last = int(places[-1], 16)
    rows = decode(code_architecture(), last, 1)
    return [[places[0], to_hex(last + (rows[0]['length'] if rows else 1))]]
