import { describe, expect, it } from 'vitest';
import { roughExpression, wildcard } from './wildcard.ts';

describe('rough expressions', () => {
  it.each([
    ['no*', '^_*[nN][oO]'],
    ['*node_t*', '[nN][oO][dD][eE]_[tT]'],
    ['_IO*', '^_*[iI][oO]'],
    ['*', ''],
    ['[ab]*', ''],
    ['a?longer', '[lL][oO][nN][gG][eE][rR]'],
    ['ab#c', '^_*[aA]'],
  ])('%s', (pattern, expression) => {
    expect(roughExpression(pattern)).toBe(expression);
  });

  it('take what patterns take', () => {
    const names = ['node', '_node', 'NODE_T', 'a_node', 'x', '__x1'];
    for (const pattern of ['no*', '_node', '*ode*', 'x', '_x?', 'n[oO]de', 'nodx#e']) {
      const rough = new RegExp(roughExpression(pattern));
      for (const name of names.filter((each) => wildcard(pattern).test(each))) expect(name).toMatch(rough);
    }
  });
});
