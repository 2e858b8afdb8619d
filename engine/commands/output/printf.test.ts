import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Console } from '../testing/console.ts';

const print = (line: string): Promise<string> => new Console().run(line);

describe('.printf', () => {
  it.each([
    ['.printf "plain\\n"', 'plain\n'],
    ['.printf "a\\tb\\\\ \\"q\\" \\x41\\101"', 'a\tb\\ "q" AA'],
    ['.printf "%d %u %x %X %o %i", 0n10, 0n10, ab, ab, 8, -1', '10 10 ab AB 10 -1'],
    ['.printf "%d", ffffffff`ffffffff', '-1'],
    ['.printf "%d %ld %I64d", 1`00000001, 1`00000001, 1`00000001', '1 4294967297 4294967297'],
    ['.printf "%hd %hhu", 12345, 1ff', '9029 255'],
    [
      '.printf "[%5d][%-5d][%05d][%+d][% d]", 0n42, 0n42, 0n42, 0n42, 0n42',
      '[   42][42   ][00042][+42][ 42]',
    ],
    ['.printf "[%8.3x][%#x][%#o][%.0d]", a, a, 8, 0', '[     00a][0xa][010][]'],
    ['.printf "[%*d][%.*d]", 5, 1, 3, 1', '[    1][001]'],
    ['.printf "%c%c", 41, 142', 'AB'],
    ['.printf "[%s][%5s][%-5s][%.2s]", "text", "ab", "ab", "text"', '[text][   ab][ab   ][te]'],
    ['.printf "%p %N", 1234, 1234', '00000000`00001234 0000000000001234'],
    ['.printf "%f %lf", 3fc00000, 3ff80000`00000000', '1.500000 1.500000'],
    ['.printf "%.2e %lg", 3fc00000, 40590000`00000000', '1.50e+00 100'],
    ['.printf "100%% %k %", 5', null],
    ['.printf "100%% %k %"', '100% %k %'],
    ['.printf /D "<link cmd=\\"k\\">go</link> &lt;b&gt; <b>x</b>"', 'go <b> x'],
    ['.printf /oe "red"', 'red'],
    ['.printf "%y", 1234', '00000000`00001234'],
    ['.printf "a;b" ; .echo c', 'a;bc\n'],
  ])('%s', async (line, expected) => {
    if (expected === null) expect(await print(line)).toContain('Syntax error');
    else expect(await print(line)).toBe(expected);
  });

  it.each([
    ['.printf', 'Syntax error'],
    ['.printf %d, 1', 'Syntax error'],
    ['.printf "%d"', 'There is no argument for %d'],
    ['.printf "%d",', 'There is no argument for %d'],
    ['.printf "%d" 5', 'There is no argument for %d'],
    ['.printf "%ma", 1234', 'No debuggee'],
    ['.printf /ox "a"', 'Syntax error'],
  ])('%s is refused', async (line, text) => {
    expect(await print(line)).toContain(text);
  });

  it('keeps one field from filling the screen', async () => {
    expect((await print('.printf "%9999d", 1')).length).toBe(1024);
    expect((await print('.printf "%*d", ffffffff, 1')).length).toBe(1024);
  });

  it('writes numbers as the C library does', async () => {
    const console = new Console();
    const flags = fc.subarray(['-', '+', ' ', '#', '0']).map((all) => all.join(''));
    const conversion = fc
      .tuple(
        flags,
        fc.option(fc.nat(30), { nil: '' }),
        fc.option(
          fc.nat(12).map((digits) => `.${digits}`),
          { nil: '' },
        ),
        fc.constantFrom('d', 'i', 'u', 'o', 'x', 'X', 'e', 'f', 'g', 'E', 'G'),
      )
      .map((all) => all.join(''));
    const value = fc.oneof(fc.bigInt({ min: 0n, max: 200n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
    const cases = fc.sample(fc.tuple(conversion, value), { numRuns: 1000 });
    const isFloat = (text: string) => /[efgEG]$/.test(text);
    const usable = cases.filter(([text, number]) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, number);
      return !isFloat(text) || Number.isFinite(view.getFloat64(0));
    });
    const theirs = execFileSync(
      'python3',
      [
        '-c',
        [
          'import ctypes, json, sys',
          'libc = ctypes.CDLL(None)',
          'out = []',
          'for text, number in json.load(sys.stdin):',
          '    number = int(number); f = text[-1] in "efgEG"',
          '    buffer = ctypes.create_string_buffer(4096)',
          '    argument = ctypes.c_double.from_buffer(ctypes.c_uint64(number)) if f else ctypes.c_uint64(number)',
          '    size = "" if f else "ll"',
          '    libc.snprintf(buffer, 4096, ("[%" + text[:-1] + size + text[-1] + "]").encode(), argument)',
          '    out.append(buffer.value.decode())',
          'print(json.dumps(out))',
        ].join('\n'),
      ],
      { input: JSON.stringify(usable.map(([text, number]) => [text, String(number)])), encoding: 'utf8' },
    );
    const expected = JSON.parse(theirs) as string[];
    expect(usable.length).toBeGreaterThan(500);
    for (const [index, [text, number]] of usable.entries()) {
      const line = `.printf "[%${text.slice(0, -1)}${isFloat(text) ? 'l' : 'll'}${text.slice(-1)}]", 0n${number}`;
      expect(await console.run(line), line).toBe(expected[index]);
    }
  });
});
