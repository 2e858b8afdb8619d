import { engineErrors } from '../errors.ts';
import type { Node } from './ast.ts';
import type { Scope } from './scope.ts';
import { matchesWildcard } from './wildcard.ts';

type CallNode = Node & { kind: 'call' };
type Evaluate = (node: Node) => Promise<bigint>;

/** `$iment $scmp $sicmp $spat $vvalid $fnsucc`. */
export async function callFunction(
  node: CallNode,
  scope: Scope,
  text: string,
  evaluate: Evaluate,
): Promise<bigint> {
  const strings = node.args.flatMap((argument) => (argument.kind === 'string' ? [argument.text] : []));
  if (strings.length > 0) return compare(node, strings, text);
  const values: bigint[] = [];
  for (const argument of node.args) if (argument.kind !== 'string') values.push(await evaluate(argument));
  switch (node.name) {
    case '$iment': {
      const [address] = expectCount(node, values, 1, text);
      const entry = await scope.entryPoint(address ?? 0n);
      if (entry === null) throw engineErrors.unresolved(text.slice(node.at).trimEnd(), node.at);
      return entry;
    }
    case '$vvalid': {
      const [address, length] = expectCount(node, values, 2, text);
      return (await scope.readable(address ?? 0n, length ?? 0n)) ? 1n : 0n;
    }
    default: {
      const [, value, flag] = expectCount(node, values, 3, text);
      return (value !== 0n) === (flag === 0n) ? 1n : 0n;
    }
  }
}

function compare(node: CallNode, strings: readonly string[], text: string): bigint {
  const [first, second] = expectCount(node, strings, 2, text);
  const left = first ?? '';
  const right = second ?? '';
  if (node.name === '$spat') return matchesWildcard(right, left) ? 1n : 0n;
  const [a, b] = node.name === '$sicmp' ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
  if (a === b) return 0n;
  return a > b ? 1n : 0xffff_ffff_ffff_ffffn;
}

function expectCount<T>(node: CallNode, values: readonly T[], count: number, text: string): readonly T[] {
  if (values.length !== count) throw engineErrors.syntax(text.slice(node.at).trimEnd(), node.at);
  return values;
}
