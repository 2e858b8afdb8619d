import type {
  Context,
  OpenNodes,
  PlacedVariable,
  TreeNode,
  TreeReading,
  TypedValue,
  TypeInfo,
  TypeName,
  Variable,
} from '../../backend/types.ts';
import { fromHex } from '../parts.ts';
import {
  describeResult,
  describeValue,
  filesOf,
  findType,
  findTypes,
  readVariables,
  readVariablesAt,
} from '../symbols/queries.ts';
import { expressionTrees, type LocalTrees, localTrees } from '../symbols/trees.ts';
import { SymbolQueries } from './symbols.ts';

/** Variables, types and expressions. */
export class ValueQueries extends SymbolQueries {
  async variablesOfType(types: readonly string[], word: string) {
    this.needTarget();
    const rows = await this.core.helper.call<[string, string][]>('variables_of_type', {
      types,
      word,
    });
    return rows.map(([name, address]) => ({ name, address: fromHex(address) }));
  }

  async locals(context: Context): Promise<readonly Variable[]> {
    this.needTarget();
    return readVariables(this.core, this.core.modules, this.contextOf(context));
  }

  async localTrees(context: Context, open: OpenNodes): Promise<LocalTrees> {
    this.needTarget();
    return localTrees(this.core, this.core.modules, this.contextOf(context), open);
  }

  async expressionTrees(
    context: Context,
    expressions: readonly (readonly [string, string])[],
    open: OpenNodes,
    reading: TreeReading = {},
  ): Promise<readonly TreeNode[]> {
    this.needTarget();
    await this.core.link.needThreadStorage(expressions.map(([, text]) => text).join(' '));
    return expressionTrees(this.core, this.core.modules, this.contextOf(context), expressions, open, reading);
  }

  async variablesAt(address: bigint): Promise<readonly PlacedVariable[] | null> {
    this.needTarget();
    return readVariablesAt(this.core, address);
  }

  async findType(module: string | null, name: string): Promise<TypeInfo | null> {
    this.needTarget();
    return findType(this.core, this.core.modules, module, name);
  }

  findTypes(modulePattern: string, namePattern: string): AsyncIterable<readonly TypeName[]> {
    this.needTarget();
    return findTypes(this.core, this.core.modules, modulePattern, namePattern);
  }

  async layout(type: string, depth: number, module: string | null = null): Promise<TypedValue> {
    this.needTarget();
    const files = (await filesOf(this.core.modules, module)) ?? [];
    return describeValue(this.core, this.core.modules, 'type_layout', { type, depth, files });
  }

  async readValue(
    type: string,
    address: bigint,
    depth: number,
    module: string | null = null,
  ): Promise<TypedValue> {
    this.needTarget();
    const files = (await filesOf(this.core.modules, module)) ?? [];
    const parameters = { type, address: address.toString(16), depth, files };
    return describeValue(this.core, this.core.modules, 'read_value', parameters);
  }

  async evaluate(expression: string, context: Context, depth: number): Promise<TypedValue> {
    this.needTarget();
    await this.core.link.needThreadStorage(expression);
    const parameters = { expression, ...this.contextOf(context), depth };
    return describeValue(this.core, this.core.modules, 'evaluate', parameters);
  }

  async call(
    expression: string,
    context: Context,
    depth: number,
    signal: AbortSignal,
  ): Promise<TypedValue | null> {
    this.needRunnable();
    const core = this.core;
    const parameters = { expression, ...this.contextOf(context), depth };
    const interrupt = () => core.connection.interrupt();
    signal.addEventListener('abort', interrupt);
    try {
      return await describeResult(core, core.modules, 'call_expression', parameters);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }
}
