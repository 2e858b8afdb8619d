import { engineErrors } from '../errors.ts';
import { applyBinary, unsigned } from './arithmetic.ts';
import type { Node } from './ast.ts';
import { callFunction } from './functions.ts';
import type { Scope } from './scope.ts';

/** Evaluates to an unsigned 64-bit number. `text` is the line that the nodes' offsets are of. */
export async function evaluate(node: Node, scope: Scope, text: string): Promise<bigint> {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'register':
      return register(node.name, node.at, scope, text);
    case 'name':
      return name(node, scope, text);
    case 'line':
      return found(await scope.sourceLine(node.module, node.file, node.line), node.at, text);
    case 'unary':
      return unary(node, await evaluate(node.operand, scope, text), scope);
    case 'binary': {
      const left = await evaluate(node.left, scope, text);
      return applyBinary(node.operator, left, await evaluate(node.right, scope, text));
    }
    case 'call':
      return callFunction(node, scope, text, (argument) => evaluate(argument, scope, text));
    case 'cpp':
      return unsigned(await scope.cpp(node.text));
  }
}

async function register(registerName: string, at: number, scope: Scope, text: string): Promise<bigint> {
  const isPseudo = registerName.startsWith('$');
  const value = isPseudo ? await scope.pseudo(registerName) : await scope.register(registerName);
  if (value === null) throw engineErrors.badRegister(text.slice(at), at);
  return value;
}

/** Common registers, then symbols, then the other registers. */
async function name(node: Node & { kind: 'name' }, scope: Scope, text: string): Promise<bigint> {
  const bare = node.module === null && !node.literal ? node.name.toLowerCase() : null;
  if (bare !== null && scope.isCommonRegister(bare)) {
    const value = await scope.register(bare);
    if (value !== null) return value;
  }
  const address = await scope.symbol(node.module, node.name);
  if (address !== null) return address;
  return found(bare === null ? null : await scope.register(bare), node.at, text);
}

function found(value: bigint | null, at: number, text: string): bigint {
  if (value === null) throw engineErrors.unresolved(text.slice(at).trimEnd(), at);
  return value;
}

const FETCHES: Readonly<Record<string, 1 | 2 | 4 | 8>> = { by: 1, wo: 2, dwo: 4, qwo: 8 };

async function unary(
  { operator, at }: Node & { kind: 'unary' },
  value: bigint,
  scope: Scope,
): Promise<bigint> {
  switch (operator) {
    case '+':
      return value;
    case '-':
      return unsigned(-value);
    case 'not':
      return value === 0n ? 1n : 0n;
    case 'hi':
      return (value >> 16n) & 0xffffn;
    case 'low':
      return value & 0xffffn;
    default: {
      const fetch = operator.replace('$p', '');
      const size = FETCHES[fetch] ?? scope.pointerSize;
      if (!operator.startsWith('$p')) return scope.read(value, size);
      const read = await scope.readPhysical(value, size);
      if (read === null)
        throw engineErrors.badArgument(`${operator} reads physical memory, which only kernels have`, at);
      return read;
    }
  }
}
