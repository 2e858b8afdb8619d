import type { OpenNodes, TreeNode } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { type ModelStyle, modelLine, modelValue, valueText } from '../../format/debugger-model.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { gdbExpression } from '../evaluate/cpp.ts';
import { MODEL_ROOT } from '../model/debugger.ts';
import { gridLines } from '../model/grid.ts';
import { showModel } from '../model/show.ts';
import { masmValue } from '../scope.ts';

/** What `dx` was asked for. */
interface ModelRequest {
  readonly expression: string;
  /** As typed, with what stands behind the comma. */
  readonly shown: string;
  readonly levels: number;
  /** `-n`, `,!`: members as they are. */
  readonly raw: boolean;
  readonly grid: boolean;
  /** `-c N`: so many children are left out. */
  readonly skip: number;
  /** `,[N]`: of a pointer so many elements. */
  readonly length: string | null;
  readonly style: ModelStyle;
}

const PLAIN: Omit<ModelRequest, 'expression' | 'shown'> = {
  levels: 1,
  raw: false,
  grid: false,
  skip: 0,
  length: null,
  style: { base: null, namesOnly: false, character: false, bare: false },
};

const DEEPEST = 9;
const INDENT = 4;
const HEADER_GAP = 17;
const AT_ONCE = 200;

const OPTION = /-(?:r(\d?)|c\s+(\d+)|gc\s+(\d+)|([gnv]))(?=\s|$)/y;
const SPECIFIER = /,\s*(x|d|o|b|en|c|sb|s8b|s8|su|sub|s|!|nd|\d+|\[[^\]]*\])\s*$/;

/** `dx [-g] [-n] [-rN] [-c N] Expression[,Specifier]`. */
export async function displayModel(context: CommandContext, args: Args): Promise<void> {
  await show(context, modelRequest(args));
}

/** `dtx [-a] [-rN] [Module!]Type Address`: an object of a type as `dx` shows it. */
export async function displayTypeModel(context: CommandContext, args: Args): Promise<void> {
  const levels = Number(args.match(/-(?:a\s+-)?r\s*(\d)(?:\s+-a)?(?=\s)/y)?.[1] ?? 1);
  args.match(/-a(?=\s)/y);
  const at = args.next;
  const name = args.word() ?? args.fail(at);
  const type = name.slice(name.indexOf('!') + 1);
  const address = await context.evaluate(args);
  args.expectEnd();
  const cast = (written: string) => `(*((${written} *)0x${address.toString(16)}))`;
  await show(context, { ...PLAIN, levels, expression: cast(type), shown: cast(name) });
}

async function show(context: CommandContext, request: ModelRequest): Promise<void> {
  if (MODEL_ROOT.test(request.expression)) return showDebugger(context, request);
  const node = await read(context, request);
  if (node.error !== undefined) throw engineErrors.modelError(node.error, request.expression);
  if (request.grid) return showGrid(context, node, request);
  const lines = [`${request.shown}${' '.repeat(HEADER_GAP)}${modelValue(node, request.style)}`];
  if (request.levels > 0) children(node, 1, request, lines);
  for (let first = 0; first < lines.length; first += AT_ONCE) {
    context.state.cancel.check();
    context.print(lines.slice(first, first + AT_ONCE).join('\n'));
  }
}

function modelRequest(args: Args): ModelRequest {
  let levels = 1;
  let raw = false;
  let grid = false;
  let skip = 0;
  for (let match = args.match(OPTION); match; match = args.match(OPTION)) {
    const [, depth, skipped, width, letter] = match;
    if (depth !== undefined) levels = depth === '' ? 1 : Math.min(Number(depth), DEEPEST);
    else if (skipped !== undefined) skip = Number(skipped);
    else if (width !== undefined || letter === 'g') grid = true;
    else if (letter === 'n') raw = true;
  }
  const at = args.next;
  const shown = args.rest();
  if (shown === '' || shown.startsWith('-')) args.fail(at);
  let expression = shown;
  const specifiers: string[] = [];
  for (let match = SPECIFIER.exec(expression); match; match = SPECIFIER.exec(expression)) {
    specifiers.push(match[1] ?? '');
    expression = expression.slice(0, match.index).trimEnd();
  }
  const has = (name: string) => specifiers.includes(name);
  const length = specifiers.find((each) => /^\d+$|^\[/.test(each))?.replace(/^\[|\]$/g, '') ?? null;
  return {
    expression,
    shown,
    levels: grid ? Math.max(levels, 2) : levels,
    raw: raw || has('!'),
    grid,
    skip,
    length,
    style: {
      base: has('x') ? 16 : has('d') ? 10 : has('o') ? 8 : has('b') ? 2 : null,
      namesOnly: has('en'),
      character: has('c'),
      bare: has('sb') || has('s8b') || has('sub'),
    },
  };
}

async function read(context: CommandContext, request: ModelRequest): Promise<TreeNode> {
  const { state } = context;
  const masm = (text: string) => masmValue(state, text);
  const expression = await gdbExpression(state, request.expression, masm);
  const length = request.length === null ? null : await gdbExpression(state, request.length, masm);
  const whole = length === null ? expression : `*(${expression})@(${length})`;
  const open: OpenNodes = request.levels === 0 ? {} : { '*': opened(request.levels) };
  const [node] = await state.target.expressionTrees(state.context, [['it', whole]], open, {
    raw: request.raw,
    skip: request.skip,
  });
  return node ?? { name: '', value: null, isParameter: false, expandable: false, error: 'There is no value' };
}

/** All, so many levels deep; bases and members without a name belong to the object that has them. */
function opened(levels: number): OpenNodes {
  return levels <= 1 ? {} : { '*': opened(levels - 1) };
}

function children(node: TreeNode, level: number, request: ModelRequest, lines: string[]): void {
  const isList = node.children?.some(({ place }) => !place) ?? false;
  // Of lists the back end has left them out.
  const skipped = level === 1 && !isList ? request.skip : 0;
  for (const child of (node.children ?? []).slice(skipped)) {
    lines.push(`${' '.repeat(INDENT * level)}${modelLine(child, request.style)}`);
    if (level < request.levels) children(child, level + 1, request, lines);
  }
}

/** What the debugger has, instead of the program. */
function showDebugger(context: CommandContext, request: ModelRequest): Promise<void> {
  const most = request.length === null ? null : Number(request.length);
  return showModel(context, request.expression, {
    ...request,
    levels: request.grid ? 2 : request.levels,
    most: Number.isSafeInteger(most) ? most : null,
  });
}

/** Each child a row, each of its children a column. */
function showGrid(context: CommandContext, node: TreeNode, { style }: ModelRequest): void {
  const cell = (child: TreeNode): string =>
    child.value ? valueText(child, child.value, style) || '{...}' : (child.error ?? '');
  const rows = (node.children ?? []).map((row) => {
    const own = row.children && row.children.length > 0 ? row.children : null;
    return {
      name: `[${row.name.replace(/^\[|\]$/g, '')}]`,
      cells: new Map(own ? own.map((child) => [child.name, cell(child)]) : [['Value', cell(row)]]),
    };
  });
  context.print(gridLines(rows).join('\n'));
}
