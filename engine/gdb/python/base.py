# Hawser's half inside GDB: one MI command, `-hawser METHOD JSON`, whose methods answer whole questions in one
# round trip. The parts of this folder are joined into one file and loaded once. GDB 12 or newer.
import gdb
import json
import os
import re
import sys

METHODS = {}
# Quotes and apostrophes change places on the way: MI would put a backslash before every quote.
SWAPPED = {34: "'", 39: '"'}


def method(function):
    METHODS[function.__name__] = function
    return function


class HawserCommand(gdb.MICommand):
    def __init__(self):
        super().__init__('-hawser')

    def invoke(self, argv):
        arguments = json.loads(argv[1]) if len(argv) > 1 else {}
        try:
            answer = json.dumps(METHODS[argv[0]](**arguments), separators=(',', ':'))
        except gdb.error as error:
            # GDB's own words, without a note of where they passed.
            raise gdb.GdbError(str(error))
        return {'json': answer.translate(SWAPPED)}


def end_with_parent():
    # GDB does not see its input end while the target runs, so the kernel is asked to tell it of our end.
    try:
        import ctypes
        ctypes.CDLL(None).prctl(1, 15)
    except Exception:
        pass


# A name that stays the same from one load to the next, so that a helper loaded twice is registered once.
if not hasattr(gdb, 'hawser_loaded'):
    gdb.hawser_loaded = True
    HawserCommand()
    end_with_parent()


def unsigned(value, bits=64):
    return int(value) & ((1 << bits) - 1)


def to_hex(value):
    return '%x' % unsigned(value)


def decoded(place):
    # Places of a location. What GDB 13's decode_line cannot split ("unmatched quote") it throws right through the interpreter, which
    # does not survive that ("unknown opcode", or a crash): a command that reads locations is asked first.
    try:
        gdb.execute('info line ' + place, to_string=True)
        return gdb.decode_line(place)[1] or ()
    except gdb.error:
        return ()


def selected_thread():
    # GDB keeps a thread selected that has ended, of which its Python knows nothing any more.
    try:
        return gdb.selected_thread()
    except SystemError:
        return None


@method
def living_thread():
    # The selected thread, and False; where that has ended another one, which is selected then, and True.
    thread = selected_thread()
    if thread is not None and thread.is_valid():
        return [thread.global_num, False]
    threads = sorted(gdb.selected_inferior().threads(), key=lambda each: each.global_num)
    if not threads:
        return None
    threads[0].switch()
    return [threads[0].global_num, True]


def select_thread(number):
    # GDB's global number; None leaves the selection as it is.
    if number is None:
        return
    current = selected_thread()
    if current is not None and current.global_num == number:
        return
    for thread in gdb.selected_inferior().threads():
        if thread.global_num == number:
            thread.switch()
            return
    raise gdb.GdbError('There is no such thread.')


def frame_at(thread, level):
    select_thread(thread)
    frame = gdb.newest_frame()
    while level > 0:
        frame = frame.older()
        if frame is None:
            raise gdb.GdbError('There is no such frame.')
        level -= 1
    frame.select()
    return frame


def quoted_file(name):
    return '"%s"' % name.replace('\\', '\\\\').replace('"', '\\"')


class NoShell(gdb.Function):
    # GDB's own runs a program of this machine from within any expression, and expressions come from all clients.
    def invoke(self, *_):
        raise gdb.GdbError('$_shell is not available here')


NoShell('_shell')
