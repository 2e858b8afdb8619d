import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CppWords, callIn, translateCpp } from './cpp.ts';
import { cppExtent } from './cpp-extent.ts';

const words: CppWords = {
  register: async (name) => (name === 'nosuch' ? null : `<${name}>`),
  masm: async (text) => `[${text}]`,
  symbol: async (module, name) => `${module}/${name}`,
  type: async (module, name, stars) =>
    /^(?:enum )?(?:node|color)$/.test(name) ? `$${module ?? ''}/${name}/${stars}` : null,
};

describe('C++ expressions in terms of C++', () => {
  it.each([
    ['g_count + 1', 'g_count + 1'],
    ['@RAX + @$t0', '<rax> + <$t0>'],
    ['@@(poi(4)) + 1', '[poi(4)] + 1'],
    ['@@masm(a)*@@c++(@rip)', '[a]*(<rip>)'],
    ['loop!g_head->next', 'loop/g_head->next'],
    ['a != b', 'a != b'],
    ['a!=b', 'a!=b'],
    ['!flag', '!flag'],
    ['$!local', 'local'],
    ['"@rax" + \'@\'', '"@rax" + \'@\''],
    ['#FIELD_OFFSET(box, next)', '((unsigned long)&((box *)0)->next)'],
    ['#FIELD_OFFSET(loop!node, next)', '((unsigned long)&$loop/node/0->next)'],
    ['(node *)p', '(typeof(*$/node/1))p'],
    ['(loop!node * *) p', '(typeof(*$loop/node/2)) p'],
    ['(enum loop!color)5 + (color)@rax', '(typeof(*$loop/enum color/0))5 + (typeof(*$/color/0))<rax>'],
    ['(node) + 1', '(node) + 1'],
    ['(enum color)5', '(enum color)5'],
    ['(long)x + (box *)y', '(long)x + (box *)y'],
    [
      'sizeof(node) + sizeof(loop!node *)',
      '(unsigned long long)sizeof(*$/node/0) + (unsigned long long)sizeof(*$loop/node/1)',
    ],
    ['reinterpret_cast<loop!node *>(p)', 'reinterpret_cast<typeof(*$loop/node/1)>(p)'],
    ['(loop!g_head)->next', '(loop/g_head)->next'],
    ['lib!ns::Box::count', 'lib/ns::Box::count'],
    [
      '#CONTAINING_RECORD(@rdi, loop!node, links)',
      '((typeof($loop/node/0))((char *)(<rdi>) - (unsigned long)&$loop/node/0->links))',
    ],
    [
      '#CONTAINING_RECORD(@rdi, struct node, links)',
      '((struct node *)((char *)(<rdi>) - (unsigned long)&((struct node *)0)->links))',
    ],
    ['(a<0) * (b>1)', '(a <0) * (b>1)'],
    ['a<b && c>d', 'a <b && c>d'],
    ['a<(long)b >> 1', 'a <(long)b >> 1'],
    ['a<b >> 1', 'a <b >> 1'],
    ['A<B<int>>::n', 'A<B<int>>::n'],
    ['Box<int>::count + Pair<A<f(1)>, 2>::n', 'Box<int>::count + Pair<A<f(1)>, 2>::n'],
    ['#RTL_NUMBER_OF(g_table)', '((unsigned long long)sizeof(g_table) / sizeof((g_table)[0]))'],
    ['#RTL_FIELD_SIZE(box, name)', '((unsigned long long)sizeof(((box *)0)->name))'],
    [
      '#RTL_CONTAINS_FIELD(s, 4, b)',
      '((unsigned long)&((typeof(s))0)->b + sizeof(((typeof(s))0)->b) <= (unsigned long)(4))',
    ],
  ])('%s', async (text, expected) => {
    expect(await translateCpp(text, words)).toBe(expected);
  });

  it.each([
    ['@nosuch + 1', 'BAD_ARGUMENT'],
    ['@@(1', 'SYNTAX'],
    ['#NO_SUCH(1)', 'BAD_ARGUMENT'],
  ])('%s is refused', async (text, code) => {
    await expect(translateCpp(text, words)).rejects.toMatchObject({ code });
  });

  it.each([
    ['work(1)', 0],
    ['1 + ns::f (x)', 8],
    ['sizeof(x) + (int)(y) + long(3) + "f(1)" + @rax', -1],
    ['static_cast<int>(x) + $_strlen(p)', -1],
    ['(*p)(3)', -1],
    ['#RTL_NUMBER_OF(a)', -1],
    ['@@masm(poi(1) + by(2)) + @@(wo(3))', -1],
    ['@@masm(poi(1)) + f(2)', 17],
  ])('a call in %s', (text, at) => {
    expect(callIn(text)).toBe(at);
  });

  it('leaves alone what has no words of its own', () => {
    const plain = fc
      .array(fc.constantFrom('a', ' ', '1', '+', '->', '(', ')', '"x\\""', '::', '[', ']', '&'))
      .map((all) => all.join(''));
    return fc.assert(
      fc.asyncProperty(plain, async (text) => {
        expect(await translateCpp(text, words)).toBe(text);
      }),
    );
  });
});

describe('where a C++ expression ends', () => {
  it.each([
    ['a + b L10', 'a + b'],
    ['&g_outer b in', '&g_outer'],
    ['(a) L4', '(a)'],
    ['(int *) p L4', '(int *) p'],
    ['(Color)5 6', '(Color)5'],
    ['(a)L4', '(a)'],
    ['(unsigned char)x', '(unsigned char)x'],
    ['f(1), 2', 'f(1)'],
    ['a[1].b->c "text"', 'a[1].b->c'],
    ['sizeof(node) 5', 'sizeof(node)'],
    ['sizeof x, y', 'sizeof x'],
    ['a ? b : c; k', 'a ? b : c'],
    ['x++ y', 'x++'],
    ['-x * !y z', '-x * !y'],
    ['@@masm(poi(4)) L2', '@@masm(poi(4))'],
    ['loop!g_head->next L1', 'loop!g_head->next'],
    ['ns::a<3 4', 'ns::a<3'],
    ['0x10UL 5', '0x10UL'],
    ['\'a\' + "b" c', '\'a\' + "b"'],
    ['static_cast<int>(x) y', 'static_cast<int>(x)'],
    ['#FIELD_OFFSET(a, b) c', '#FIELD_OFFSET(a, b)'],
    ['(a', ''],
    ['', ''],
    ['a +', 'a'],
  ])('%s', (text, expected) => {
    expect(text.slice(0, cppExtent(text, 0))).toBe(expected);
  });

  it('never lies outside of the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(5), (text, from) => {
        const start = Math.min(from, text.length);
        const end = cppExtent(text, start);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
