/** Offset of the node's text in the line, for errors. */
interface At {
  readonly at: number;
}

export type UnaryOperator =
  | '+'
  | '-'
  | 'not'
  | 'hi'
  | 'low'
  | 'by'
  | 'wo'
  | 'dwo'
  | 'qwo'
  | 'poi'
  /** At a physical address. */
  | '$pby'
  | '$pwo'
  | '$pdwo'
  | '$pqwo'
  | '$ppoi';

export type BinaryOperator =
  | '*'
  | '/'
  | 'mod'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '>>>'
  | '=='
  | '<'
  | '>'
  | '<='
  | '>='
  | '!='
  | 'and'
  | 'xor'
  | 'or';

/** A MASM expression. Every value is an unsigned 64-bit number; a symbol's value is its address. */
export type Node =
  | ({ readonly kind: 'number'; readonly value: bigint } & At)
  /** `@rax`, `@$t0`, `$t0`. */
  | ({ readonly kind: 'register'; readonly name: string } & At)
  /** A word that may be a symbol or a register. `literal`: from `@!"…"`, never a register. */
  | ({
      readonly kind: 'name';
      readonly module: string | null;
      readonly name: string;
      readonly literal: boolean;
    } & At)
  /** `` `module!file:line` ``; a missing file is the one of the instruction pointer. */
  | ({
      readonly kind: 'line';
      readonly module: string | null;
      readonly file: string | null;
      readonly line: number | null;
    } & At)
  | ({ readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Node } & At)
  | ({
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
    } & At)
  /** `$vvalid(a, b)`, `$scmp("a", "b")`. */
  | ({ readonly kind: 'call'; readonly name: string; readonly args: readonly CallArgument[] } & At)
  /** `@@c++(…)`: text for the other evaluator. */
  | ({ readonly kind: 'cpp'; readonly text: string } & At);

export type CallArgument = Node | ({ readonly kind: 'string'; readonly text: string } & At);
