import type { BinaryOperator } from './ast.ts';
import { keywordAt, skipBlanks } from './words.ts';

interface OperatorToken {
  readonly operator: BinaryOperator;
  /** Higher binds tighter. */
  readonly precedence: number;
  readonly at: number;
  readonly end: number;
}

/** Longest spelling first. */
const SIGNS: readonly (readonly [string, BinaryOperator, number])[] = [
  ['>>>', '>>>', 5],
  ['>>', '>>', 5],
  ['<<', '<<', 5],
  ['<=', '<=', 4],
  ['>=', '>=', 4],
  ['==', '==', 4],
  ['!=', '!=', 4],
  ['=', '==', 4],
  ['<', '<', 4],
  ['>', '>', 4],
  ['*', '*', 7],
  ['/', '/', 7],
  ['%', 'mod', 7],
  ['+', '+', 6],
  ['-', '-', 6],
  ['&', 'and', 3],
  ['^', 'xor', 2],
  ['|', 'or', 1],
];

const WORDS: readonly (readonly [string, BinaryOperator, number])[] = [
  ['mod', 'mod', 7],
  ['and', 'and', 3],
  ['xor', 'xor', 2],
  ['or', 'or', 1],
];

/** The binary operator at or after the blanks at `from`, or null where the expression ends. */
export function operatorAt(text: string, from: number): OperatorToken | null {
  const at = skipBlanks(text, from);
  for (const [spelling, operator, precedence] of SIGNS) {
    if (text.startsWith(spelling, at)) return { operator, precedence, at, end: at + spelling.length };
  }
  for (const [spelling, operator, precedence] of WORDS) {
    if (keywordAt(text, at, spelling)) return { operator, precedence, at, end: at + spelling.length };
  }
  return null;
}
