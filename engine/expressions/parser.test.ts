import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../../transports/errors/error.ts';
import type { Node } from './ast.ts';
import { parseMasm } from './parser.ts';

/** The tree in brackets. */
function show(node: Node): string {
  switch (node.kind) {
    case 'number':
      return node.value.toString(16);
    case 'register':
      return `@${node.name}`;
    case 'name':
      return `${node.module === null ? '' : `${node.module}!`}${node.name}`;
    case 'unary':
      return `(${node.operator} ${show(node.operand)})`;
    case 'binary':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case 'line':
      return `line ${node.module} ${node.file} ${node.line}`;
    case 'cpp':
      return `c++ ${node.text}`;
    case 'call':
      return `${node.name}(${node.args.map((each) => (each.kind === 'string' ? JSON.stringify(each.text) : show(each))).join(', ')})`;
  }
}

const parsed = (text: string): string => show(parseMasm(text, 0, 16).node);

describe('the MASM parser', () => {
  it.each([
    ['1+2*3', '(1 + (2 * 3))'],
    ['(1+2)*3', '((1 + 2) * 3)'],
    ['8-4-2', '((8 - 4) - 2)'],
    ['1<<2+3', '(1 << (2 + 3))'],
    ['1 or 2 xor 3 and 4 = 5', '(1 or (2 xor (3 and (4 == 5))))'],
    ['10 mod 3 % 2', '((10 mod 3) mod 2)'],
    ['-poi(@rsp)+8', '((- (poi @rsp)) + 8)'],
    ['not by loop!flag', '(not (by loop!flag))'],
    ['@$t0', '@$t0'],
    ['$ip', '@$ip'],
    ['.+4', '(@$ip + 4)'],
    ['loop!node::~node', 'loop!node::~node'],
    ['work.part.0+4', '(work.part.0 + 4)'],
    ['`loop.c:12`', 'line null loop.c 12'],
    ['`loop!loop.c:0x10`', 'line loop loop.c 16'],
    ['`:12`', 'line null null 12'],
    ['@@c++(a(1)+2)+1', '(c++ a(1)+2 + 1)'],
    ['@@masm(1+2)', '(1 + 2)'],
    ['@!"operator new(int)"', 'operator new(int)'],
    ['$scmp("a\\"b", @"c\\")', '$scmp("a\\"b", "c\\\\")'],
    ['$vvalid(@rsp, 10)', '$vvalid(@rsp, 10)'],
    ['1>>>2', '(1 >>> 2)'],
    ['a!=b', '(a != b)'],
  ])('%s', (text, tree) => {
    expect(parsed(text)).toBe(tree);
  });

  it.each([
    ['main L4', 4],
    ['@rsp 3', 4],
    ['1 "k"', 1],
    ['loop!main;', 9],
  ])('stops where the expression ends: %s', (text, end) => {
    expect(parseMasm(text, 0, 16).end).toBe(end);
  });

  it.each([
    ['5 +', 3],
    ['(1', 2],
    [')', 0],
    ['1 + * 2', 4],
    ['0n1z', 0],
    ['`loop', 0],
    ['@', 0],
    ['$scmp(1,2)', 6],
  ])('says where it fails: %s', (text, offset) => {
    expect(() => parseMasm(text, 0, 16)).toThrow(
      expect.objectContaining({ code: 'SYNTAX', data: { offset } }),
    );
  });

  it('refuses endless nesting instead of running out of stack', () => {
    expect(() => parseMasm('('.repeat(100_000), 0, 16)).toThrow(expect.objectContaining({ code: 'SYNTAX' }));
    expect(() => parseMasm(`${'-'.repeat(100_000)}1`, 0, 16)).toThrow(
      expect.objectContaining({ code: 'SYNTAX' }),
    );
  });

  it('takes any text: a tree, or a syntax error that points into it', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '@',
      '$t0',
      'poi',
      '`',
      '!',
      '::',
      '"',
      '0x',
      '+',
      '>>>',
      'a.c:1',
      'by ',
      ' ',
      '.',
      '@@c++(',
      '$scmp(',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (line) => {
        try {
          expect(parseMasm(line, 0, 16).end).toBeLessThanOrEqual(line.length);
        } catch (error) {
          if (!(error instanceof HawserError)) throw error;
          expect(error.code).toBe('SYNTAX');
          expect(error.data.offset).toBeGreaterThanOrEqual(0);
          expect(error.data.offset).toBeLessThanOrEqual(line.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
